// What only the command line may ask, over the socket or in process: files of this machine are
// named by path. Below /local/v1; no part of the contract.
//
//   POST import {kind, file, dry_run, live}   the report, as POST /imports answers
//   GET  progress                             of the import that runs
//   POST export {what, audience, file}        {rows}
//   POST check {}                             {proved: [{what, rows}], problems: [{what, where}]}
//   POST backup {file}                        {bytes}
#pragma once

#include "api/services.h"
#include "net/http.h"

namespace server {

net::Response answer_local(const net::Request& request, api::Services& services);

}  // namespace server

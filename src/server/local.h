// What only the command line may ask, over the socket or in process: files of this machine are
// named by path. Exports, the check and a rebuilding end when who asked has gone; an export of an
// audience, the check and a rebuilding are questions (api/questions.h) and seen under their
// `reference`. Below /local/v1; no part of the contract.
//
//   POST import {kind, file, dry_run, live, map}   the report, as POST /imports answers; `map`: a
//                                             mapping, kind "" recognises the file by its columns
//   GET  progress                             of the import that runs
//   POST export {what, audience, file, customer, reference}   {rows}; the events of one customer
//   POST check {reference}                    {proved: [{what, rows}], problems: [{what, where}]}
//   POST rebuild {what, reference}            {events}: "orders" or "friendships", from the log
//   POST backup {file}                        {bytes}
#pragma once

#include "api/services.h"
#include "net/http.h"

namespace server {

net::Response answer_local(const net::Request& request, api::Services& services);

}  // namespace server

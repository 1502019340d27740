-- Requests of wrk: the lines of a file in turn, each a body posted as JSON.
--   wrk … -s post.lua URL -- FILE [HEADER VALUE]…
local requests = {}
local at = 0

function init(words)
  local headers = { ["Content-Type"] = "application/json" }
  for i = 2, #words, 2 do headers[words[i]] = words[i + 1] end
  for line in io.lines(words[1]) do
    requests[#requests + 1] = wrk.format("POST", nil, headers, line)
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

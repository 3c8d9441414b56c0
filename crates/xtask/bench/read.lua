-- GETs one of the paths in a file, at random. Every request is written out before the run and no answer is looked into: so
-- each route that is asked for by this script costs the client the same, hello too, and what differs is the server's.
local requests = {}
init = function(args)
  for line in io.lines(args[1]) do requests[#requests + 1] = wrk.format("GET", line) end
  math.randomseed(os.time())
end
request = function() return requests[math.random(#requests)] end

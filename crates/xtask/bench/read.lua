-- GETs one of the paths in a file, at random.
local paths = {}
init = function(args)
  for line in io.lines(args[1]) do paths[#paths + 1] = line end
  math.randomseed(os.time())
end
request = function()
  return wrk.format("GET", paths[math.random(#paths)])
end
local bad = 0
response = function(status) if status ~= 200 then bad = bad + 1 end end

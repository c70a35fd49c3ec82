-- Replaces charges by what they did cost. KEYS: the counters. ARGV: the time or '', then for each: algorithm, limit, window, burst, charged, actual,
-- when it was charged, lease.
local now = now_of(ARGV[1])
for i, key in ipairs(KEYS) do
  local at = 8 * i - 6
  local kind, change = algorithms[ARGV[at]], ARGV[at + 5] - ARGV[at + 4]
  if kind == leases then
    if tonumber(ARGV[at + 5]) == 0 then redis.call('ZREM', key, ARGV[at + 7]) end
  elseif change ~= 0 then
    local c = { key = key, limit = tonumber(ARGV[at + 1]), window = tonumber(ARGV[at + 2]), burst = tonumber(ARGV[at + 3]), now = now }
    kind.load(c)
    kind.settle(c, change, tonumber(ARGV[at + 6]))
  end
end
return {}

-- Makes leases hold for another window. KEYS: the counters. ARGV: the time or '', then for each: window, lease.
local now = now_of(ARGV[1])
for i, key in ipairs(KEYS) do
  hold({ key = key, window = tonumber(ARGV[2 * i]), lease = ARGV[2 * i + 1], now = now })
end
return {}

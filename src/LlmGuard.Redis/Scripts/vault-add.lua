-- Adds to a vault and starts its lifetime anew; what is there stays as it is, and what is too much is left out.
-- KEYS: the vault. ARGV: the lifetime in milliseconds, most values, most bytes, then for each value: placeholder, sealed text.
-- The field '#', which no placeholder is called, holds the bytes of all others.
local key = KEYS[1]
local bytes = tonumber(redis.call('HGET', key, '#') or '0')
local count = redis.call('HLEN', key) - redis.call('HEXISTS', key, '#')
local added = 0
for i = 4, #ARGV, 2 do
  local size = #ARGV[i] + #ARGV[i + 1]
  if count < tonumber(ARGV[2]) and bytes + size <= tonumber(ARGV[3]) and redis.call('HSETNX', key, ARGV[i], ARGV[i + 1]) == 1 then
    count = count + 1
    bytes = bytes + size
    added = added + 1
  end
end
if count > 0 then
  redis.call('HSET', key, '#', bytes)
  redis.call('PEXPIRE', key, ARGV[1])
end
return { added }

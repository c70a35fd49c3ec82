-- Reads a vault and starts its lifetime anew. KEYS: the vault. ARGV: the lifetime in milliseconds.
local all = redis.call('HGETALL', KEYS[1])
if #all > 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
end
return all

-- Charges all counters or none. KEYS: the counters. ARGV: the time or '', then for each: algorithm, limit, window, burst, cost, most in advance, lease.
-- Answers whether it passed, the time, then for each: exceeded, remaining, microseconds until reset, until retry (-1: never), charged in advance.
local now = now_of(ARGV[1])
local counters, states, passed = {}, {}, 1
for i, key in ipairs(KEYS) do
  local at = 7 * i - 5
  local c = {
    key = key, kind = algorithms[ARGV[at]], limit = tonumber(ARGV[at + 1]), window = tonumber(ARGV[at + 2]), burst = tonumber(ARGV[at + 3]),
    cost = tonumber(ARGV[at + 4]), extra = tonumber(ARGV[at + 5]), lease = ARGV[at + 6], now = now,
  }
  c.kind.load(c)
  counters[i] = c
  states[i] = { c.kind.probe(c, c.cost) }
  if states[i][1] == 1 then passed = 0 end
end

local answer = { passed, now }
for i, c in ipairs(counters) do
  local state, extra = states[i], 0
  if passed == 1 then
    extra = math.min(c.extra, state[2])
    if c.cost + extra > 0 then c.kind.apply(c, c.cost + extra) end
  elseif state[1] == 0 then
    -- It would have passed; nothing was charged, so the state is the one without the charge.
    state = { c.kind.probe(c, 0) }
  end
  for part = 1, 4 do answer[#answer + 1] = state[part] end
  answer[#answer + 1] = extra
end
return answer

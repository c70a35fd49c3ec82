-- What counting and settling share. A counter is a table: key, limit, window (microseconds), burst, now; load adds what is stored.
-- Numbers stay below 2^53, where doubles are exact. Stored values are packed doubles; every key has a time to live.
local SLACK, MOST, FOREVER, PARTS = 1e-6, 4503599627370496, 9007199254740991, 8

local function now_of(given)
  if given ~= '' then return tonumber(given) end
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

local function add(value, more) return math.max(0, math.min(MOST, value + more)) end

local function save(c, packed, lives)
  if lives <= 0 then
    redis.call('DEL', c.key)
  else
    -- At most 400 days: longer than any window.
    redis.call('SET', c.key, packed, 'PX', string.format('%.0f', math.min(34560000000, math.ceil(lives / 1000))))
  end
end

-- GCRA as a level that falls evenly.
local level = {}

local function drain(c, amount)
  if amount <= SLACK then return 0 end
  return math.min(FOREVER, math.ceil(amount / (c.limit / c.window)))
end

local function left_of_level(c, amount) return math.max(0, math.floor(c.burst - amount + SLACK)) end

function level.load(c)
  local stored = redis.call('GET', c.key)
  c.level, c.at = 0, c.now
  if stored then c.level, c.at = struct.unpack('<dd', stored) end
  if c.now > c.at then
    c.level = math.max(0, c.level - c.limit / c.window * (c.now - c.at))
    c.at = c.now
  end
end

function level.probe(c, cost)
  local after = c.level + cost
  if after <= c.burst + SLACK then return 0, left_of_level(c, after), drain(c, after), 0 end
  return 1, left_of_level(c, c.level), drain(c, c.level), cost > c.burst and -1 or drain(c, after - c.burst)
end

function level.apply(c, cost)
  c.level = add(c.level, cost)
  save(c, struct.pack('<dd', c.level, c.at), drain(c, c.level))
end

function level.settle(c, change, at)
  -- What has fallen since the charge may have been this charge: it is not given back a second time.
  if change < 0 then change = math.min(0, change + c.limit / c.window * math.max(0, c.now - at)) end
  level.apply(c, change)
end

-- A window in eighths: what counts is the one under way and the eight before it.
local sliding = {}

local function leaves(c, part) return (part + PARTS + 1) * c.width - c.now end

local function leaves_after(c, amount)
  local part, left = c.part - PARTS, 0
  while part < c.part do
    left = left + c[part % (PARTS + 1)]
    if left >= amount then break end
    part = part + 1
  end
  return leaves(c, part)
end

local function used_of(c)
  local used = 0
  for i = 0, PARTS do used = used + c[i] end
  return used
end

function sliding.load(c)
  c.width = math.ceil(c.window / PARTS)
  c.part = math.floor(c.now / c.width)
  local stored = redis.call('GET', c.key)
  local last = c.part - PARTS - 1
  for i = 0, PARTS do c[i] = 0 end
  if stored then
    last, c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8] = struct.unpack('<dddddddddd', stored)
    if c.part < last then
      -- The clock went back: it stands still.
      c.part = last
      c.now = last * c.width
    end
  end
  for part = math.max(last, c.part - PARTS - 1) + 1, c.part do c[part % (PARTS + 1)] = 0 end
end

function sliding.probe(c, cost)
  local used = used_of(c)
  if used + cost <= c.limit then
    local reset = used > 0 and leaves_after(c, 1) or cost > 0 and leaves(c, c.part) or 0
    return 0, c.limit - used - cost, reset, 0
  end
  return 1, math.max(0, c.limit - used), used > 0 and leaves_after(c, 1) or 0,
    cost > c.limit and -1 or leaves_after(c, used + cost - c.limit)
end

local function change_part(c, part, change)
  c[part % (PARTS + 1)] = add(c[part % (PARTS + 1)], change)
  save(c, struct.pack('<dddddddddd', c.part, c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8]), used_of(c) == 0 and 0 or leaves(c, c.part))
end

function sliding.apply(c, cost) change_part(c, c.part, cost) end

function sliding.settle(c, change, at)
  local part = change > 0 and c.part or math.floor(at / c.width)
  if part > c.part - PARTS - 1 then change_part(c, math.min(part, c.part), change) end
end

-- Windows one after the other.
local fixed = {}

function fixed.load(c)
  c.index, c.used = math.floor(c.now / c.window), 0
  local stored = redis.call('GET', c.key)
  if stored then
    local index, used = struct.unpack('<dd', stored)
    if c.index < index then c.index, c.now = index, index * c.window end
    if c.index == index then c.used = used end
  end
end

function fixed.probe(c, cost)
  local rest, left = (c.index + 1) * c.window - c.now, c.limit - c.used
  if cost <= left then return 0, left - cost, c.used + cost == 0 and 0 or rest, 0 end
  return 1, math.max(0, left), c.used == 0 and 0 or rest, cost > c.limit and -1 or rest
end

function fixed.apply(c, cost)
  c.used = add(c.used, cost)
  save(c, struct.pack('<dd', c.index, c.used), c.used == 0 and 0 or (c.index + 1) * c.window - c.now)
end

function fixed.settle(c, change, at)
  if change > 0 or math.floor(at / c.window) == c.index then fixed.apply(c, change) end
end

-- Leases, by when they run out.
local leases = {}

local function hold(c)
  redis.call('ZADD', c.key, string.format('%.0f', c.now + c.window), c.lease)
  redis.call('PEXPIRE', c.key, string.format('%.0f', math.ceil(c.window / 1000)))
end

function leases.load(c)
  redis.call('ZREMRANGEBYSCORE', c.key, '-inf', string.format('%.0f', c.now))
  c.held = redis.call('ZCARD', c.key)
end

function leases.probe(c, cost)
  local left = c.limit - c.held
  if cost <= left then return 0, left - cost, 0, 0 end
  return 1, math.max(0, left), 0, -1
end

function leases.apply(c, cost)
  if cost > 0 then hold(c) end
end

local algorithms = { s = sliding, g = level, f = fixed, c = leases }

/**
 * What Redis does in one step, in Lua. Each script touches one key.
 */

/**
 * Replaces an entry of this version, empty for none, and tells everybody: version, value, milliseconds to live, channel,
 * message. Answers 1 where it did.
 *
 * @category constants
 */
export const replace = `
if redis.call("GETRANGE", KEYS[1], 0, 21) ~= ARGV[1] then return 0 end
redis.call("PUBLISH", ARGV[4], ARGV[5])
redis.call("SET", KEYS[1], ARGV[2], "PX", ARGV[3])
return 1`

/**
 * Stands for every version in `remove`.
 *
 * @category constants
 */
export const anyVersion = "*"

/**
 * Replaces an entry of this version, or of any, by a tombstone, and tells everybody: version, tombstone, milliseconds to
 * live, channel, message. Answers 1 where it did. Redis sets where it has just deleted, though it be out of memory.
 *
 * @category constants
 */
export const remove = `
if ARGV[1] ~= "${anyVersion}" and redis.call("GETRANGE", KEYS[1], 0, 21) ~= ARGV[1] then return 0 end
redis.call("PUBLISH", ARGV[4], ARGV[5])
redis.call("DEL", KEYS[1])
redis.call("SET", KEYS[1], ARGV[2], "PX", ARGV[3])
return 1`

/**
 * Lists a member until this time, at least, in a set that lives this many milliseconds more, at least, and forgets what
 * was listed until a time before: time, member, milliseconds to live, time before.
 *
 * @category constants
 */
export const enlist = `
redis.call("ZREMRANGEBYSCORE", KEYS[1], "-inf", ARGV[4])
redis.call("ZADD", KEYS[1], "GT", ARGV[1], ARGV[2])
if redis.call("PTTL", KEYS[1]) < tonumber(ARGV[3]) then redis.call("PEXPIRE", KEYS[1], ARGV[3]) end
return 1`

/**
 * Holds a lock for this many milliseconds more, if it is held by this token still: token, milliseconds.
 *
 * @category constants
 */
export const extend = `
if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("PEXPIRE", KEYS[1], ARGV[2]) end
return 0`

/**
 * Frees a lock that is held by this token.
 *
 * @category constants
 */
export const release = `
if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("DEL", KEYS[1]) end
return 0`

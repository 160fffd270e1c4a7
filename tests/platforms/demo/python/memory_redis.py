"""The few redis commands that the demo uses, in memory, answering as redis does."""


class MemoryRedis:
    def __init__(self):
        self.data = {}
        self.published = []

    def pipeline(self, commands, wait=0):
        return [getattr(self, command[0].lower())(*map(str, command[1:])) for command in commands]

    def call(self, *command, wait=0):
        return self.pipeline([command])[0]

    def incr(self, key):
        self.data[key] = str(int(self.data.get(key, 0)) + 1)
        return int(self.data[key])

    def hset(self, key, *flat):
        self.data.setdefault(key, {}).update(zip(flat[::2], flat[1::2]))

    def hgetall(self, key):
        return [word for pair in self.data.get(key, {}).items() for word in pair]

    def hincrby(self, key, field, by):
        fields = self.data.setdefault(key, {})
        fields[field] = str(int(fields.get(field, 0)) + int(by))

    def expire(self, key, seconds):
        return int(key in self.data)

    def publish(self, channel, message):
        self.published.append(message)

    def rpush(self, key, value):
        self.data.setdefault(key, []).append(value)

    def lpush(self, key, value):
        self.data.setdefault(key, []).insert(0, value)

    def ltrim(self, key, first, last):
        self.data[key] = self.data[key][int(first) : int(last) + 1]

    def lrange(self, key, first, last):
        found = self.data.get(key, [])
        return found[int(first) :] if last == "-1" else found[int(first) : int(last) + 1]

    def llen(self, key):
        return len(self.data.get(key, []))

    def lrem(self, key, count, value):
        if value not in self.data.get(key, []):
            return 0
        self.data[key].remove(value)
        return 1

    def blmove(self, source, target, _left, _right, _patience):
        if not self.data.get(source):
            return None
        value = self.data[source].pop(0)
        self.rpush(target, value)
        return value

    def mget(self, *keys):
        return [self.data.get(key) for key in keys]

    def exists(self, key):
        return int(key in self.data)

    def set(self, key, value, *options):
        if "NX" in options and key in self.data:
            return None
        self.data[key] = value
        return "OK"

    def delete(self, key):
        return int(self.data.pop(key, None) is not None)

    def scan(self, _cursor, _match, pattern, *_):
        return ["0", [key for key in self.data if key.startswith(pattern.rstrip("*"))]]


setattr(MemoryRedis, "del", MemoryRedis.delete)

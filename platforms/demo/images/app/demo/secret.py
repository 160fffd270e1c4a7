"""The secret that redis, the api and the agents share."""


def redis_password(path: str = "/run/secrets/redis_password") -> str:
    with open(path, encoding="utf-8") as file:
        return file.read().strip()

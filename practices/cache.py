"""The shared cache: Django's, without what it does anew for each command."""

import pickle
from typing import Any

import redis
from django.core.cache.backends.redis import RedisCache, RedisCacheClient, RedisSerializer

PICKLED = b"\x80"


class DirectSerializer(RedisSerializer):
    """Django tries each value as a number first; to refuse a page of some kilobytes as one takes as long as to read it."""

    def loads(self, data: Any) -> Any:
        return pickle.loads(data) if data.startswith(PICKLED) else int(data)  # noqa: S301 - the cache is ours alone


class KeptClient(RedisCacheClient):
    """Making a client, or fetching a connection from a pool, costs more than asking the server."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._serializer = DirectSerializer()
        self._clients: dict[bool, redis.Redis] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> redis.Redis:
        if write not in self._clients:
            pool = self._get_connection_pool(write)  # type: ignore[attr-defined]
            # Django gives each thread a cache of its own, so its client need not ask the pool for each command.
            self._clients[write] = redis.Redis(connection_pool=pool, single_connection_client=True)
        return self._clients[write]


class SharedCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = KeptClient

    def validate_key(self, key: str) -> None:
        """Memcached's limits on keys are not ours."""

package io.runnel.cluster.hazelcast;

import com.hazelcast.core.EntryEvent;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.map.listener.EntryAddedListener;
import com.hazelcast.map.listener.EntryEvictedListener;
import com.hazelcast.map.listener.EntryExpiredListener;
import com.hazelcast.map.listener.EntryRemovedListener;
import com.hazelcast.map.listener.EntryUpdatedListener;
import com.hazelcast.nio.serialization.HazelcastSerializationException;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A Hazelcast map of what nodes say: node names to bytes. Statuses are JSON, notes plain text. Any
 * peer may put anything else into it, which is passed over.
 */
final class StatusMap implements SharedMap {
    static final String NAME = "node-status";

    /** What a region's nodes tell each other beside their statuses. */
    static final String NOTES = "node-notes";

    private static final System.Logger LOG = System.getLogger(StatusMap.class.getName());

    private final IMap<Object, Object> map;

    private StatusMap(IMap<Object, Object> map) {
        this.map = map;
    }

    /** The map of this cluster, with the bulletin told of every change. */
    static StatusMap listenedBy(Bulletin bulletin, HazelcastInstance hazelcast) {
        IMap<Object, Object> map = hazelcast.getMap(NAME);
        map.addEntryListener(new Hop(bulletin), true);
        return new StatusMap(map);
    }

    /** The map of notes of this cluster. */
    static StatusMap notes(HazelcastInstance hazelcast) {
        return new StatusMap(hazelcast.getMap(NOTES));
    }

    @Override
    public CompletionStage<Void> set(String key, byte[] value, Duration life) {
        return map.setAsync(key, value, life.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public CompletionStage<Void> remove(String key) {
        return map.deleteAsync(key).thenAccept(_ -> {});
    }

    @Override
    public Map<String, byte[]> readAll() {
        Map<String, byte[]> all = new HashMap<>();
        Iterator<Map.Entry<Object, Object>> entries = map.entrySet().iterator();
        while (entries.hasNext()) {
            made(entries::next)
                    .filter(entry -> entry.getKey() instanceof String)
                    .ifPresent(entry -> put(entry, all));
        }
        return all;
    }

    private static void put(Map.Entry<Object, Object> entry, Map<String, byte[]> all) {
        bytes(entry::getValue).ifPresent(value -> all.put(entry.getKey().toString(), value));
    }

    private static Optional<byte[]> bytes(Supplier<Object> value) {
        return made(value).filter(v -> v instanceof byte[]).map(v -> (byte[]) v);
    }

    /** Hazelcast makes an object only when it is asked for; some may not be made at all. */
    private static <T> Optional<T> made(Supplier<T> foreign) {
        try {
            return Optional.ofNullable(foreign.get());
        } catch (HazelcastSerializationException e) {
            LOG.log(Level.DEBUG, () -> "what is no status is left out: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** Hazelcast's threads do no more than this. */
    private record Hop(Bulletin bulletin)
            implements EntryAddedListener<Object, Object>,
                    EntryUpdatedListener<Object, Object>,
                    EntryRemovedListener<Object, Object>,
                    EntryEvictedListener<Object, Object>,
                    EntryExpiredListener<Object, Object> {

        @Override
        public void entryAdded(EntryEvent<Object, Object> event) {
            hear(event);
        }

        @Override
        public void entryUpdated(EntryEvent<Object, Object> event) {
            hear(event);
        }

        @Override
        public void entryRemoved(EntryEvent<Object, Object> event) {
            hear(event);
        }

        @Override
        public void entryEvicted(EntryEvent<Object, Object> event) {
            hear(event);
        }

        @Override
        public void entryExpired(EntryEvent<Object, Object> event) {
            hear(event);
        }

        /** What is gone has no value. */
        private void hear(EntryEvent<Object, Object> event) {
            made(event::getKey)
                    .filter(key -> key instanceof String)
                    .ifPresent(key -> bulletin.hear(key.toString(), bytes(event::getValue)));
        }
    }
}

package io.runnel.cluster.hazelcast;

import static io.runnel.cluster.hazelcast.Nodes.AMS;
import static io.runnel.cluster.hazelcast.Nodes.LHR;
import static io.runnel.cluster.hazelcast.Nodes.MEMBER;
import static io.runnel.cluster.hazelcast.Nodes.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.NodeName;
import io.runnel.topology.NetworkView;
import io.runnel.topology.NodeStatus;
import io.runnel.topology.NodeStatusJson;

import org.junit.jupiter.api.Test;

import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

final class BulletinTest {
    private static final Duration LIFE = Duration.ofSeconds(10);
    private static final int MANY = 20_000;

    private final Queue<Runnable> owner = new ArrayDeque<>();
    private final FakeMap map = new FakeMap();
    private long nanos = -5;
    private final Bulletin bulletin =
            new Bulletin(AMS, LIFE, owner::add, Runnable::run, () -> nanos);

    private void run() {
        while (!owner.isEmpty()) {
            owner.remove().run();
        }
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
        bulletin.work();
        run();
    }

    private void hear(NodeStatus status) {
        bulletin.hear(status.node().value(), Optional.of(NodeStatusJson.encode(status)));
    }

    private Set<NodeName> seen() {
        run();
        return bulletin.view().statuses().keySet();
    }

    @Test
    void seesItselfWithoutAnyCluster() {
        bulletin.publish(status(AMS, 1));
        assertEquals(Set.of(AMS), seen());
        pass(LIFE.multipliedBy(3));
        assertEquals(Set.of(AMS), seen(), "it knows of itself without being told");
        assertThrows(IllegalArgumentException.class, () -> bulletin.publish(status(LHR, 1)));
    }

    @Test
    void theLatestOfWhatCouldNotBeSentIsSentOnceTheClusterIsReached() {
        bulletin.publish(status(AMS, 1));
        bulletin.publish(status(AMS, 2));
        run();
        bulletin.attach(map);
        run();
        assertEquals(1, map.writes.size());
        assertEquals(Optional.of(2L), map.calls("ams"));
    }

    /** Whatever the owner does at that moment. */
    @Test
    void whatIsPublishedLastIsSent() throws Exception {
        AtomicReference<byte[]> sent = new AtomicReference<>(new byte[0]);
        Bulletin busy = new Bulletin(AMS, LIFE, task -> {}, Runnable::run, () -> 0);
        busy.attach(new LastSent(sent));
        AtomicBoolean over = new AtomicBoolean();
        Thread worker =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    while (!over.get()) {
                                        busy.work();
                                    }
                                });
        try {
            for (int calls = 1; calls <= MANY; calls++) {
                byte[] json = NodeStatusJson.encode(status(AMS, calls));
                busy.publish(status(AMS, calls));
                long deadline = System.nanoTime() + Await.DEADLINE.toNanos() / 10;
                while (!Arrays.equals(json, sent.get())) {
                    assertTrue(System.nanoTime() - deadline < 0, "not sent: " + calls);
                    Thread.onSpinWait();
                }
            }
        } finally {
            over.set(true);
            worker.join();
        }
    }

    private record LastSent(AtomicReference<byte[]> sent) implements SharedMap {
        @Override
        public CompletionStage<Void> set(String key, byte[] value, Duration life) {
            sent.set(value);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Void> remove(String key) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public Map<String, byte[]> readAll() {
            return Map.of();
        }
    }

    @Test
    void aClusterThatIsReachedAgainIsToldAgain() {
        bulletin.attach(map);
        bulletin.publish(status(AMS, 1));
        run();
        map.arrive();
        bulletin.detach();
        FakeMap successor = new FakeMap();
        bulletin.attach(successor);
        run();
        assertEquals(Optional.of(1L), successor.calls("ams"));
    }

    @Test
    void whatIsTooOldIsNotSent() {
        bulletin.publish(status(AMS, 1));
        pass(LIFE.plusNanos(1));
        bulletin.attach(map);
        run();
        assertTrue(map.writes.isEmpty());
    }

    @Test
    void oneWriteIsUnderWayAndThenTheLatest() {
        bulletin.attach(map);
        for (int calls = 1; calls <= 5; calls++) {
            bulletin.publish(status(AMS, calls));
            run();
        }
        assertEquals(Optional.of(1L), map.calls("ams"));
        map.arrive();
        run();
        assertEquals(2, map.writes.size());
        assertEquals(Optional.of(5L), map.calls("ams"));
        map.arrive();
        run();
        assertEquals(2, map.writes.size());
    }

    @Test
    void aWriteThatFailedIsTriedAgainLaterNotAtOnce() {
        map.away = true;
        bulletin.attach(map);
        bulletin.publish(status(AMS, 1));
        run();
        assertEquals(1, map.writes.size());
        map.away = false;
        pass(Duration.ofSeconds(1));
        assertEquals(Optional.of(1L), map.calls("ams"));
    }

    @Test
    void whatIsThereAlreadyIsReadWhenTheClusterIsReachedAndTriedAgainIfItFails() {
        map.values.put("lhr", NodeStatusJson.encode(status(LHR, 7)));
        map.away = true;
        bulletin.attach(map);
        assertEquals(Set.of(), seen());
        map.away = false;
        pass(Duration.ofSeconds(1));
        assertEquals(Set.of(LHR), seen());
        map.values.put("eu-west-1", NodeStatusJson.encode(status(MEMBER, 7)));
        pass(Duration.ofSeconds(1));
        assertEquals(Set.of(LHR), seen(), "it is not read again and again");
        bulletin.reread();
        assertEquals(Set.of(LHR, MEMBER), seen());
    }

    @Test
    void whoIsNotHeardForTooLongIsForgotten() {
        hear(status(LHR, 1));
        hear(status(MEMBER, 1));
        assertEquals(Set.of(LHR, MEMBER), seen());
        pass(LIFE);
        hear(status(LHR, 1));
        assertEquals(Set.of(LHR, MEMBER), seen());
        pass(Duration.ofNanos(1));
        assertEquals(Set.of(LHR), seen());
    }

    @Test
    void whoTakesHisStatusBackIsForgottenAtOnce() {
        hear(status(LHR, 1));
        assertEquals(Set.of(LHR), seen());
        bulletin.hear("lhr", Optional.empty());
        assertEquals(Set.of(), seen());
    }

    @Test
    void whatPeersForgeIsLeftOut() {
        byte[] lhr = NodeStatusJson.encode(status(LHR, 1));
        bulletin.hear("eu-west-1", Optional.of(lhr));
        bulletin.hear("../lhr", Optional.of(lhr));
        bulletin.hear("lhr", Optional.of("{}".getBytes(StandardCharsets.UTF_8)));
        bulletin.hear("ams", Optional.of(NodeStatusJson.encode(status(AMS, 9))));
        assertEquals(Set.of(), seen());
    }

    @Test
    void listenersAreToldOfEachChangeAndOfNothingElse() {
        List<NetworkView> views = new ArrayList<>();
        bulletin.onChange(
                _ -> {
                    throw new FailureOnPurpose();
                });
        bulletin.onChange(views::add);
        run();
        assertEquals(List.of(NetworkView.EMPTY), views);
        hear(status(LHR, 1));
        run();
        hear(status(LHR, 1));
        run();
        pass(Duration.ofSeconds(1));
        assertEquals(2, views.size());
        assertEquals(bulletin.view(), views.getLast());
    }

    @Test
    void muchTalkMakesOneCallForWork() {
        for (int i = 0; i < 1000; i++) {
            hear(status(LHR, i));
            bulletin.publish(status(AMS, i));
        }
        assertEquals(1, owner.size());
        run();
        assertEquals(999, bulletin.view().status(LHR).orElseThrow().calls());
    }

    @Test
    void leavingTakesTheOwnStatusBack() {
        bulletin.attach(map);
        bulletin.publish(status(AMS, 1));
        run();
        bulletin.leave(Duration.ofSeconds(1));
        assertTrue(map.values.isEmpty());
        map.arrive();
        bulletin.publish(status(AMS, 2));
        run();
        assertTrue(map.values.isEmpty(), "nothing is sent any more");
    }

    @Test
    void anInboxIsLimited() {
        Inbox inbox = new Inbox();
        for (int i = 0; i < Inbox.MOST_KEYS + 10; i++) {
            inbox.put("n" + i, Optional.empty());
        }
        inbox.put("n0", Optional.of(new byte[] {1}));
        List<String> taken = new ArrayList<>();
        List<String> withValue = new ArrayList<>();
        inbox.drain(
                (key, value) -> {
                    taken.add(key);
                    value.ifPresent(_ -> withValue.add(key));
                });
        assertEquals(Inbox.MOST_KEYS, taken.size());
        assertEquals(List.of("n0"), withValue);
    }

    /** Without a stack trace, so that the log of the tests stays short. */
    private static final class FailureOnPurpose extends RuntimeException {
        @Serial private static final long serialVersionUID = 1L;

        FailureOnPurpose() {
            super("a listener that fails, on purpose", null, false, false);
        }
    }
}

package io.runnel.exec.durable;

import static io.runnel.exec.durable.KeptEvents.START;
import static io.runnel.exec.durable.KeptEvents.event;
import static io.runnel.exec.durable.KeptEvents.id;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.durable.EventDispatcher.Place;
import io.runnel.exec.durable.KeptEvent.Kind;
import io.runnel.exec.task.EventRule;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.TaskName;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** On one thread, with a clock that is moved by hand. */
final class EventDispatcherTest {
    private static final RunAnswer GOOD = answer(200, Optional.empty());
    private static final RunAnswer FAILED = answer(200, Optional.of("Unhandled"));

    private final FakeEventStore store = new FakeEventStore();
    private final List<String> ended = new ArrayList<>();
    private Instant now = START;
    private EventRule rule = EventRule.DEFAULT;

    private static RunAnswer answer(int status, Optional<String> error) {
        return new RunAnswer(status, error, Optional.of("1"), Optional.of(new byte[] {'1'}));
    }

    /** A node that runs what the test ends. */
    private final class Node {
        final Map<RequestId, CompletableFuture<RunAnswer>> runs = new LinkedHashMap<>();
        final List<KeptEvent> given = new ArrayList<>();
        final EventDispatcher dispatcher;

        Node(String name, int most) {
            dispatcher =
                    new EventDispatcher(
                            new Place("eu-west", name, most),
                            store,
                            this::run,
                            task -> rule,
                            (event, end, kept) ->
                                    ended.add(event.id().value() + " " + end + " " + kept),
                            () -> now,
                            new Random(1));
            dispatcher.start();
        }

        private CompletableFuture<RunAnswer> run(KeptEvent event) {
            CompletableFuture<RunAnswer> answer = new CompletableFuture<>();
            runs.put(event.id(), answer);
            given.add(event);
            return answer;
        }

        /** Ends a run. */
        void end(int number, RunAnswer answer) {
            runs.remove(id(number)).complete(answer);
        }

        List<String> running() {
            return runs.keySet().stream().map(id -> id.value().replaceFirst("^0+", "")).toList();
        }
    }

    private void accept(int number, String payer) {
        store.accept(event(number, payer)).join();
    }

    private void pass(Duration time, Node... nodes) {
        now = now.plus(time);
        for (Node node : nodes) {
            node.dispatcher.tick();
        }
    }

    @Test
    void anEventIsRunAtOnceAndOnce() {
        Node node = new Node("n1", 4);
        accept(1, "a");
        assertEquals(List.of(), node.running());
        node.dispatcher.wake();
        assertEquals(List.of("1"), node.running());
        assertTrue(node.dispatcher.begin(id(1)).isPresent());
        assertTrue(node.dispatcher.begin(id(1)).isEmpty(), "only once");
        assertTrue(node.dispatcher.begin(id(2)).isEmpty(), "not here");
        node.end(1, GOOD);
        assertEquals(List.of(id(1).value() + " SUCCESS ENDED"), ended);
        pass(Duration.ofHours(1), node);
        assertEquals(1, node.given.size());
    }

    @Test
    void aFloodHoldsUpNobody() {
        Node node = new Node("n1", 3);
        for (int i = 1; i <= 9; i++) {
            accept(i, "flood");
        }
        node.dispatcher.wake();
        assertEquals(List.of("1", "2"), node.running());
        accept(20, "ann");
        node.dispatcher.wake();
        assertEquals(List.of("1", "2", "20"), node.running());
        accept(21, "ann");
        accept(22, "zoe");
        // The place of the flood goes to whose turn it is.
        node.end(1, GOOD);
        assertEquals(List.of("2", "20", "22"), node.running());
    }

    @Test
    void withOnePlaceAccountsTakeTurns() {
        Node node = new Node("n1", 1);
        accept(1, "flood");
        accept(2, "flood");
        accept(3, "zoe");
        node.dispatcher.wake();
        node.end(1, GOOD);
        assertEquals(List.of("3"), node.running());
        node.end(3, GOOD);
        assertEquals(List.of("2"), node.running());
    }

    @Test
    void whatFailsIsRunAgainInTimeThenGivenUp() {
        Node node = new Node("n1", 2);
        accept(1, "a");
        node.dispatcher.wake();
        node.end(1, FAILED);
        pass(Duration.ofSeconds(59), node);
        assertEquals(List.of(), node.running());
        pass(Duration.ofSeconds(1), node);
        node.end(1, FAILED);
        pass(Duration.ofSeconds(119), node);
        assertEquals(List.of(), node.running());
        pass(Duration.ofSeconds(1), node);
        node.end(1, FAILED);
        assertEquals(List.of(id(1).value() + " RETRIES_EXHAUSTED ENDED"), ended);
        assertEquals(List.of(), store.waiting());
    }

    @Test
    void whoIsGivenUpIsToldToTheTaskThatItsOwnerNamesAndThatIsAll() {
        rule =
                new EventRule(
                        0, EventRule.MOST_AGE, Optional.of(new TaskName("dead")), Optional.empty());
        Node node = new Node("n1", 2);
        accept(1, "a");
        node.dispatcher.wake();
        node.end(1, FAILED);
        KeptEvent letter = node.given.getLast();
        assertEquals(Kind.LETTER, letter.kind());
        assertEquals("demo/dead", letter.task().toString());
        assertEquals("demo", letter.payer().value());
        assertEquals("", letter.keyId());
        String text = new String(letter.payload(), StandardCharsets.UTF_8);
        assertTrue(text.contains("\"condition\":\"RetriesExhausted\""), text);
        node.runs.remove(letter.id()).complete(FAILED);
        assertEquals(List.of(), store.waiting());
        assertEquals(2, ended.size());
    }

    @Test
    void successIsToldOnlyWhereItIsWanted() {
        rule =
                new EventRule(
                        0, EventRule.MOST_AGE, Optional.of(new TaskName("dead")), Optional.empty());
        Node node = new Node("n1", 2);
        accept(1, "a");
        node.dispatcher.wake();
        node.end(1, GOOD);
        assertEquals(List.of(), store.waiting());
        rule =
                new EventRule(
                        0, EventRule.MOST_AGE, Optional.empty(), Optional.of(new TaskName("good")));
        accept(2, "a");
        node.dispatcher.wake();
        node.end(2, GOOD);
        assertEquals("demo/good", store.waiting().getFirst().task().toString());
    }

    @Test
    void anotherNodeGoesOnWhenALeaseEnds() {
        Node one = new Node("n1", 2);
        Node two = new Node("n2", 2);
        accept(1, "a");
        one.dispatcher.wake();
        pass(Duration.ofSeconds(29), two);
        assertEquals(List.of(), two.running());
        pass(Duration.ofSeconds(1), two);
        assertEquals(List.of("1"), two.running());
        one.end(1, FAILED);
        two.end(1, GOOD);
        assertEquals(List.of(id(1).value() + " SUCCESS ENDED"), ended);
        assertEquals(List.of(), store.waiting());
    }

    @Test
    void whileAnEventRunsItsLeaseGoesOn() {
        Node one = new Node("n1", 2);
        Node two = new Node("n2", 2);
        accept(1, "a");
        one.dispatcher.wake();
        for (int i = 0; i < 100; i++) {
            pass(Duration.ofSeconds(1), one, two);
        }
        assertEquals(List.of(), two.running());
    }

    @Test
    void aNodeThatStartsAgainRunsAtOnceWhatItHad() {
        Node before = new Node("n1", 2);
        accept(1, "a");
        before.dispatcher.wake();
        Node after = new Node("n1", 2);
        assertEquals(List.of("1"), after.running());
    }

    @Test
    void aNodeThatStopsTakesNothingAndGivesBackWhatDidNotEnd() {
        Node one = new Node("n1", 4);
        accept(1, "a");
        accept(2, "b");
        one.dispatcher.wake();
        one.dispatcher.stop();
        accept(3, "c");
        one.dispatcher.wake();
        one.end(1, GOOD);
        assertEquals(List.of("2"), one.running());
        one.dispatcher.close().join();
        Node two = new Node("n2", 4);
        assertEquals(List.of("2", "3"), two.running());
    }

    @Test
    void whatCannotBeWrittenIsWrittenLater() {
        Node node = new Node("n1", 2);
        accept(1, "a");
        node.dispatcher.wake();
        store.fail(true);
        node.end(1, GOOD);
        pass(Duration.ofSeconds(1), node);
        assertEquals(List.of(), ended);
        store.fail(false);
        pass(Duration.ofSeconds(1), node);
        assertEquals(List.of(id(1).value() + " SUCCESS ENDED"), ended);
        assertEquals(1, node.given.size());
    }

    @Test
    void whatIsTooOldIsNotRun() {
        accept(1, "a");
        now = START.plus(EventRule.MOST_AGE).plusMillis(1);
        Node node = new Node("n1", 2);
        assertEquals(List.of(), node.running());
        assertEquals(List.of(id(1).value() + " AGE_EXCEEDED ENDED"), ended);
    }

    @Test
    void whenNobodyAnswersItIsTriedAgainSoon() {
        Node node = new Node("n1", 2);
        accept(1, "a");
        node.dispatcher.wake();
        node.runs.remove(id(1)).completeExceptionally(new IllegalStateException("away"));
        assertEquals(List.of(), node.running());
        pass(Duration.ofSeconds(1), node);
        assertEquals(List.of("1"), node.running());
        assertEquals(0, node.given.getLast().progress().runs());
    }
}

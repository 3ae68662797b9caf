package io.runnel.pop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.TaskRecord;
import io.runnel.routing.catalog.VersionRecord;
import io.runnel.routing.catalog.WrittenLog;
import io.runnel.routing.forward.ForwardResult;
import io.runnel.routing.forward.NodeStart;
import io.runnel.routing.forward.RegionLink;
import io.runnel.routing.placement.RegionStock;
import io.runnel.routing.placement.RegionView.Copy;
import io.runnel.topology.Address;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What a POP believes that regions have. */
class RegionStocksTest {
    private static final RegionId NEAR = new RegionId("near");
    private static final TaskRef HELLO = TaskRef.of("demo", "hello");
    private static final RegionLink ONE = node(1);
    private static final RegionLink TWO = node(2);

    private final WrittenLog log = new WrittenLog(new RegionId("home"), "Log", Instant.EPOCH);
    private long nowNanos = 1;
    private Catalog catalog = Catalog.EMPTY;
    private final RegionStocks stocks = new RegionStocks(() -> catalog, () -> nowNanos);
    private final VersionRecord first;
    private final FeedPositions knownBefore;
    private final VersionRecord second;

    RegionStocksTest() {
        log.write(new AccountRecord(new AccountId("demo"), log.origin(), false));
        first = publish(1);
        knownBefore = positions();
        second = publish(2);
        catalog = catalog.with(log.records());
    }

    private static RegionLink node(int port) {
        return new RegionLink(NEAR, new Address("127.0.0.1", port), Duration.ZERO);
    }

    private FeedPositions positions() {
        return new FeedPositions(Map.of(log.origin(), log.head()));
    }

    private VersionRecord publish(int number) {
        Task task =
                new Task(
                        HELLO,
                        number,
                        RuntimeKind.WASM,
                        HandlerKind.HTTP,
                        CodeDigest.of(("code" + number).getBytes(UTF_8)),
                        Limits.DEFAULT,
                        Map.of());
        VersionRecord version = new VersionRecord(task, new ByteSize(5), List.of(), Instant.EPOCH);
        log.write(version);
        log.write(new TaskRecord(HELLO, number, number, true, Optional.empty()));
        return version;
    }

    private void tell(RegionLink node, FeedPositions known, List<CodeDigest> warm) {
        stocks.told(node, new RegionStock(known, List.of(), warm, true).format());
    }

    private Copy copy(VersionRecord version) {
        return stocks.of(version).apply(NEAR);
    }

    @Test
    void aRegionHasTheBestThatItsNodesSay() {
        assertEquals(Copy.UNKNOWN, copy(second));
        tell(ONE, knownBefore, List.of(first.task().code()));
        assertEquals(Copy.OLD, copy(second));
        assertEquals(Copy.WARM, copy(first));
        tell(TWO, positions(), List.of());
        assertEquals(Copy.COLD, copy(second));
        tell(TWO, positions(), List.of(second.task().code()));
        assertEquals(Copy.WARM, copy(second));
        stocks.gone(TWO);
        assertEquals(Copy.UNKNOWN, copy(second), "what a dead node said counts no more");
    }

    @Test
    void whatAnAnswerShowsCountsForMoreThanWhatIsSaidForAMoment() {
        tell(ONE, positions(), List.of(second.task().code()));
        stocks.ran(ONE, second, new ForwardResult.Run(2, false), nowNanos);
        assertEquals(Copy.COLD, copy(second), "it said warm, and had to start it");
        stocks.ran(ONE, second, new ForwardResult.Run(1, true), nowNanos);
        assertEquals(Copy.OLD, copy(second), "it said that it holds it, and ran another");
        assertEquals(Copy.COLD, copy(first), "of others that shows nothing");
        nowNanos += RegionStocks.SHOWN.toNanos();
        assertEquals(Copy.WARM, copy(second));
    }

    @Test
    void whoAsksForTheSameVersionAgainGetsTheSameObjectUntilTheCatalogChanges() {
        Function<RegionId, Copy> before = stocks.of(second);
        assertSame(before, stocks.of(second));
        assertNotSame(before, stocks.of(first));
        assertSame(stocks.of(first), stocks.of(first));
        tell(ONE, positions(), List.of());
        Function<RegionId, Copy> known = stocks.of(second);
        assertEquals(Copy.COLD, known.apply(NEAR));
        // Once more live, and so known to none that has not read this.
        log.write(new TaskRecord(HELLO, 1, 2, true, Optional.empty()));
        log.write(new TaskRecord(HELLO, 2, 2, true, Optional.empty()));
        catalog =
                catalog.with(log.records().subList(log.records().size() - 2, log.records().size()));
        assertEquals(Copy.OLD, copy(second));
    }

    @Test
    void whoWroteItHasItBeforeItSaysSo() {
        RegionLink home = new RegionLink(log.origin(), new Address("127.0.0.1", 3), Duration.ZERO);
        tell(home, knownBefore, List.of());
        tell(ONE, knownBefore, List.of());
        assertEquals(Copy.UNKNOWN, stocks.of(second).apply(log.origin()));
        assertEquals(Copy.OLD, copy(second));
    }

    @Test
    void whatWasStartedForACallIsWarm() {
        tell(ONE, positions(), List.of());
        assertEquals(Copy.COLD, copy(second));
        stocks.ran(ONE, second, new ForwardResult.Run(2, false), nowNanos);
        assertEquals(Copy.WARM, copy(second));
    }

    @Test
    void aStartThatIsHeardOfBeforeItsAnswerComesIsNoSurprise() {
        tell(ONE, positions(), List.of());
        long startedNanos = nowNanos;
        nowNanos += Duration.ofSeconds(6).toNanos();
        tell(ONE, positions(), List.of(second.task().code()));
        stocks.ran(ONE, second, new ForwardResult.Run(2, false), startedNanos);
        assertEquals(Copy.WARM, copy(second), "its program was opened for this very call");
        stocks.ran(ONE, second, new ForwardResult.Run(2, false), nowNanos);
        assertEquals(Copy.COLD, copy(second), "it had said warm before this one");
    }

    @Test
    void eachNodeIsKnownByItself() {
        tell(ONE, positions(), List.of(second.task().code()));
        tell(TWO, positions(), List.of());
        RegionStocks.Copies copies = stocks.of(second);
        assertEquals(NodeStart.WARM, copies.at(ONE));
        assertEquals(NodeStart.COLD, copies.at(TWO));
        stocks.ran(TWO, second, new ForwardResult.Run(2, false), nowNanos);
        assertEquals(NodeStart.WARM, copies.at(TWO), "it was started for that call");
        stocks.ran(ONE, second, new ForwardResult.Run(2, false), nowNanos);
        assertEquals(NodeStart.COLD, copies.at(ONE), "it said warm, and had to start it");
        assertEquals(Copy.WARM, copies.apply(NEAR));
        tell(TWO, knownBefore, List.of());
        nowNanos += RegionStocks.SHOWN.toNanos();
        assertEquals(NodeStart.OLD, copies.at(TWO));
        assertEquals(NodeStart.UNKNOWN, copies.at(node(3)));
    }
}

package io.runnel.pop;

import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.VersionRecord;
import io.runnel.routing.catalog.Written;
import io.runnel.routing.forward.ForwardResult;
import io.runnel.routing.forward.NodeStart;
import io.runnel.routing.forward.RegionLink;
import io.runnel.routing.placement.RegionStock;
import io.runnel.routing.placement.RegionView.Copy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What regions' nodes have of versions: what they say, and for a few seconds after a call rather
 * what its answer showed. A region has the best that any of its nodes has, for that one is asked
 * first. Any thread; reading takes no lock.
 */
final class RegionStocks {
    /** So long an answer counts for more than what is said. */
    static final Duration SHOWN = Duration.ofSeconds(3);

    private static final int SHOWN_AT_ONCE = 4096;
    private static final int ASKED_AT_ONCE = 1024;
    private static final long AGAIN_NANOS = Duration.ofSeconds(1).toNanos();

    private final Supplier<Catalog> catalog;
    private final LongSupplier nanoClock;
    private final Map<RegionLink, Said> nodes = new HashMap<>();
    private volatile Map<RegionId, Map<RegionLink, Said>> regions = Map.of();
    private final AtomicReferenceArray<Shown> shown = new AtomicReferenceArray<>(SHOWN_AT_ONCE);
    private final AtomicReferenceArray<Asked> asked = new AtomicReferenceArray<>(ASKED_AT_ONCE);

    /** A version that was asked for, as it stands in this catalog. */
    private record Asked(Catalog catalog, VersionRecord version, Copies copies) {
        @SuppressWarnings("ReferenceEquality") // The very same: an equal one may stand elsewhere.
        boolean is(Catalog now, VersionRecord wanted) {
            return catalog == now && version == wanted;
        }
    }

    /** What a node said, and when. */
    private record Said(RegionStock stock, long atNanos) {}

    /** What the answer to a call showed. */
    private record Shown(RegionLink node, long code, Copy copy, long atNanos) {
        boolean isOf(RegionLink other, long otherCode) {
            return code == otherCode && node.equals(other);
        }
    }

    /** What each region and each of its nodes has of one version. */
    interface Copies extends Function<RegionId, Copy>, NodeStart.Of {}

    /**
     * Nothing is known.
     *
     * @param catalog as it is now
     * @param nanoClock monotonic
     */
    RegionStocks(Supplier<Catalog> catalog, LongSupplier nanoClock) {
        this.catalog = catalog;
        this.nanoClock = nanoClock;
    }

    /** A region's node says what it has. */
    void told(RegionLink node, String text) {
        put(node, RegionStock.parse(text));
    }

    /** It does not answer: what it said counts no more. */
    void gone(RegionLink node) {
        put(node, RegionStock.UNKNOWN);
    }

    private synchronized void put(RegionLink node, RegionStock stock) {
        nodes.put(node, new Said(stock, nanoClock.getAsLong()));
        Map<RegionId, Map<RegionLink, Said>> next = new HashMap<>(regions);
        next.put(
                node.region(),
                nodes.entrySet().stream()
                        .filter(each -> each.getKey().region().equals(node.region()))
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        Map.Entry::getKey, Map.Entry::getValue)));
        regions = Map.copyOf(next);
    }

    /** What each region has of a version: the same object for one that is often asked for. */
    Copies of(VersionRecord version) {
        Catalog now = catalog.get();
        int slot = version.task().ref().hashCode() & (ASKED_AT_ONCE - 1);
        Asked before = asked.get(slot);
        if (before != null && before.is(now, version)) {
            return before.copies();
        }
        Copies copies = copies(now, version);
        asked.set(slot, new Asked(now, version, copies));
        return copies;
    }

    private Copies copies(Catalog now, VersionRecord version) {
        Optional<Written> written = now.written(version.task().ref(), version.task().version());
        return new CopiesOf(written, RegionStock.name(version.task().code()));
    }

    /** Of a version that nobody knows to have been written nothing is known. */
    private final class CopiesOf implements Copies {
        private final Optional<Written> written;
        private final long code;

        CopiesOf(Optional<Written> written, long code) {
            this.written = written;
            this.code = code;
        }

        @Override
        public Copy apply(RegionId region) {
            return written.map(by -> copy(region, by, code)).orElse(Copy.UNKNOWN);
        }

        @Override
        public NodeStart at(RegionLink node) {
            return start(written.map(by -> copy(node, by, code)).orElse(Copy.UNKNOWN));
        }
    }

    private static NodeStart start(Copy copy) {
        return switch (copy) {
            case UNKNOWN -> NodeStart.UNKNOWN;
            case WARM -> NodeStart.WARM;
            case COLD -> NodeStart.COLD;
            case OLD -> NodeStart.OLD;
        };
    }

    private Copy copy(RegionId region, Written written, long code) {
        Map<RegionLink, Said> stocks = regions.getOrDefault(region, Map.of());
        Copy best = Copy.OLD;
        for (RegionLink node : stocks.keySet()) {
            Copy copy = copy(node, written, code);
            best = worth(copy) > worth(best) ? copy : best;
        }
        return stocks.isEmpty() ? Copy.UNKNOWN : best;
    }

    private Copy copy(RegionLink node, Written written, long code) {
        Shown last = shown.get(slot(node, code));
        return last != null
                        && last.isOf(node, code)
                        && nanoClock.getAsLong() - last.atNanos() < SHOWN.toNanos()
                ? last.copy()
                : said(node, written, code);
    }

    /** Who wrote it has it, also before it says so. */
    private Copy said(RegionLink node, Written written, long code) {
        Copy copy = lastOf(node).map(Said::stock).orElse(RegionStock.UNKNOWN).copy(written, code);
        return copy == Copy.OLD && node.region().equals(written.origin()) ? Copy.UNKNOWN : copy;
    }

    private Optional<Said> lastOf(RegionLink node) {
        return Optional.ofNullable(regions.getOrDefault(node.region(), Map.of()).get(node));
    }

    private static int worth(Copy copy) {
        return switch (copy) {
            case OLD -> 0;
            case COLD -> 1;
            case UNKNOWN -> 2;
            case WARM -> 3;
        };
    }

    private static int slot(RegionLink node, long code) {
        return (node.hashCode() * 31 + Long.hashCode(code)) & (SHOWN_AT_ONCE - 1);
    }

    /**
     * A node ran a call: once more it will be warm, unless it was said to be and was not; and who
     * ran an older version has no newer one. What it said while the call was under way does not
     * count as said before: a start that takes seconds is heard of before its answer comes.
     *
     * @param startedNanos when the call was sent on
     */
    void ran(RegionLink node, VersionRecord asked, ForwardResult.Run run, long startedNanos) {
        int version = asked.task().version();
        if (run.version() > version) {
            return;
        }
        long code = RegionStock.name(asked.task().code());
        Optional<Written> written = catalog.get().written(asked.task().ref(), version);
        boolean wasWrong =
                !run.warm()
                        && lastOf(node).filter(it -> it.atNanos() - startedNanos <= 0).isPresent()
                        && written.filter(by -> said(node, by, code) == Copy.WARM).isPresent();
        Copy copy = run.version() < version ? Copy.OLD : wasWrong ? Copy.COLD : Copy.WARM;
        if (lastOf(node).isEmpty()) {
            put(node, RegionStock.UNKNOWN);
        }
        show(node, code, copy);
    }

    private void show(RegionLink node, long code, Copy copy) {
        int slot = slot(node, code);
        long now = nanoClock.getAsLong();
        Shown last = shown.get(slot);
        boolean same = last != null && last.isOf(node, code) && last.copy() == copy;
        // Most answers show the same: then other threads are not made to read anew.
        if (!same || now - last.atNanos() > AGAIN_NANOS) {
            shown.set(slot, new Shown(node, code, copy, now));
        }
    }
}

package io.runnel.chaos.suite;

import io.runnel.chaos.suite.Verdict.Finding;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Looks at who certifies a POP that has lost its key. One thread at a time, beside the one that
 * looks.
 */
final class CertifiedWatch implements Watch {
    private static final Duration PAUSE = Duration.ofMillis(100);

    /**
     * A certificate that was not there at the look before.
     *
     * @param atNs from the run's beginning
     * @param by the name of the authority
     */
    record Seen(long atNs, String by) {}

    private final String node;
    private final Path file;
    private final long startNs;
    private final LongSupplier nanoClock;
    private final List<Seen> seen = new ArrayList<>();
    private final Repetition looking;
    private Optional<NodeKey> last = Optional.empty();

    private CertifiedWatch(String node, Path file, long startNs, LongSupplier nanoClock) {
        this.node = node;
        this.file = file;
        this.startNs = startNs;
        this.nanoClock = nanoClock;
        this.looking = Repetition.of(this::look, PAUSE);
    }

    /**
     * Begins to look.
     *
     * @param file where the POP keeps its key
     * @param startNs when the run began
     */
    static CertifiedWatch begin(String node, Path file, long startNs, LongSupplier nanoClock) {
        return new CertifiedWatch(node, file, startNs, nanoClock);
    }

    private void look() {
        Optional<NodeKey> now = NodeKey.read(file);
        if (now.isPresent() && !isLast(now.get())) {
            String by = now.get().certificate().getIssuerX500Principal().getName();
            seen.add(new Seen(nanoClock.getAsLong() - startNs, by));
            last = now;
        }
    }

    private boolean isLast(NodeKey key) {
        return last.filter(before -> before.certificate().equals(key.certificate())).isPresent();
    }

    @Override
    public List<Finding> findings(List<StepDone> steps, double slack) {
        looking.end();
        return findings(node, seen, steps);
    }

    /** That it was certified anew after it lost its key, and before anybody was started again. */
    static List<Finding> findings(String node, List<Seen> seen, List<StepDone> steps) {
        long lostNs =
                steps.stream()
                        .filter(step -> step.action().equals(new Action.Forget(node)))
                        .mapToLong(StepDone::beganNs)
                        .min()
                        .orElseThrow();
        long endNs =
                steps.stream()
                        .filter(step -> isStart(step.action()))
                        .mapToLong(StepDone::beganNs)
                        .min()
                        .orElse(Long.MAX_VALUE);
        Optional<Seen> anew =
                seen.stream().filter(one -> one.atNs() > lostNs && one.atNs() < endNs).findFirst();
        return List.of(
                new Finding(
                        node + " is certified anew while its authority is away",
                        "at least once",
                        anew.map(one -> "by %s, after %s".formatted(one.by(), since(one, lostNs)))
                                .orElse("never"),
                        anew.isPresent()));
    }

    private static String since(Seen one, long lostNs) {
        return Judge.millis(one.atNs() - lostNs);
    }

    private static boolean isStart(Action action) {
        return action instanceof Action.OnNode onNode && onNode.kind() == Action.Kind.START;
    }

    @Override
    public void close() {
        looking.end();
    }
}

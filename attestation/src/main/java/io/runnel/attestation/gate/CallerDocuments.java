package io.runnel.attestation.gate;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.document.Asked;
import io.runnel.attestation.document.Believed;
import io.runnel.attestation.document.DocumentVerifier;
import io.runnel.attestation.document.Kind;
import io.runnel.attestation.identity.Reason;
import io.runnel.attestation.identity.Rejection;
import io.runnel.attestation.identity.Verdict;
import io.runnel.attestation.policy.FactPolicy;
import io.runnel.exec.task.Requirements;
import io.runnel.exec.task.TaskRef;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What callers of tasks show of themselves. A document must have been made for the very task; that
 * of a run counts for no longer than the run may last. Its signature is checked again every few
 * seconds, so that who was revoked meanwhile is not believed for longer. Safe for any thread.
 */
public final class CallerDocuments {
    /** A fact that no document says: whether nobody can have shown it here before. */
    public static final String FRESH = "fresh";

    /** A fact of each document: {@code node} or {@code instance}. */
    public static final String KIND = "kind";

    /** How long a signature that was checked is taken for good. */
    static final Duration GOOD = Duration.ofSeconds(5);

    /** By how much nodes' clocks may differ. */
    private static final Duration SKEW = Duration.ofSeconds(1);

    static final int MOST_HELD = 4_096;

    private final DocumentVerifier verifier;
    private final String network;
    private final CallerNonces nonces;
    private final Map<String, Held> held = new ConcurrentHashMap<>();

    /** Both ways in which a document may be shown again. */
    private record Held(TaskRef task, Shown shown, Shown fresh, Instant until) {}

    /** What a caller has shown. Safe for any thread. */
    public static final class Shown {
        private static final int MOST_KNOWN = 64;

        private final ObjectNode facts;
        private final Map<Requirements, Boolean> known = new ConcurrentHashMap<>();

        private Shown(ObjectNode facts) {
            this.facts = facts;
        }

        /** Whether the caller is all that is asked for; what was asked before costs little. */
        public boolean meets(List<Requirements> asked) {
            for (Requirements one : asked) {
                if (!meets(one)) {
                    return false;
                }
            }
            return true;
        }

        private boolean meets(Requirements one) {
            Boolean before = known.get(one);
            if (before != null) {
                return before;
            }
            boolean met = why(one).isEmpty();
            if (known.size() < MOST_KNOWN) {
                known.put(one, met);
            }
            return met;
        }

        /** Each fact that is not as somebody asks, in words for a log. */
        public List<Rejection> unmet(List<Requirements> asked) {
            return asked.stream().flatMap(one -> why(one).stream()).distinct().toList();
        }

        /** The same by their names, in order. */
        public List<String> unmetFacts(List<Requirements> asked) {
            return asked.stream()
                    .flatMap(one -> one.facts().entrySet().stream())
                    .filter(fact -> !why(new Requirements(Map.ofEntries(fact))).isEmpty())
                    .map(Map.Entry::getKey)
                    .distinct()
                    .sorted()
                    .toList();
        }

        private List<Rejection> why(Requirements one) {
            return switch (new FactPolicy(one).check(facts)) {
                case Verdict.Trusted<ObjectNode> _ -> List.of();
                case Verdict.Rejected<ObjectNode>(List<Rejection> why) -> why;
            };
        }
    }

    /**
     * Believes what this believes, of the nodes of this network.
     *
     * @param nonces those that this node gives to callers
     */
    public CallerDocuments(DocumentVerifier verifier, String network, CallerNonces nonces) {
        this.verifier = verifier;
        this.network = network;
        this.nonces = nonces;
    }

    /** What a caller has a document bear that is to be fresh here: good for half a minute, once. */
    public String nonce(Instant now) {
        return nonces.next(now);
    }

    /** For whom a document must be that is shown when this task is called. */
    public String audience(TaskRef task) {
        return "runnel://%s/task/%s".formatted(network, task);
    }

    /**
     * What is known of a document from before; never blocks.
     *
     * @param jwt hostile
     * @param freshElsewhere whether another node of ours looked at its nonce
     */
    public Optional<Shown> known(String jwt, TaskRef task, boolean freshElsewhere, Instant now) {
        Held before = held.get(jwt);
        boolean isGood =
                before != null && before.task().equals(task) && now.isBefore(before.until());
        if (!isGood) {
            return Optional.empty();
        }
        return Optional.of(freshElsewhere ? before.fresh() : before.shown());
    }

    /**
     * Looks at a document; blocks for a signature.
     *
     * @param jwt hostile
     * @param freshElsewhere whether another node of ours looked at its nonce
     */
    public Verdict<Shown> check(String jwt, TaskRef task, boolean freshElsewhere, Instant now) {
        Asked asked = new Asked(Optional.of(audience(task)), Optional.empty());
        return switch (verifier.verify(jwt, List.of(), asked, now)) {
            case Verdict.Rejected<Believed>(List<Rejection> why) -> new Verdict.Rejected<>(why);
            case Verdict.Trusted<Believed>(Believed believed) ->
                    check(jwt, task, freshElsewhere, believed, now);
        };
    }

    private Verdict<Shown> check(
            String jwt, TaskRef task, boolean freshElsewhere, Believed believed, Instant now) {
        Kind kind = believed.document().kind();
        ObjectNode facts = believed.facts().put(KIND, kind.label());
        Instant end = kind == Kind.INSTANCE ? end(facts) : believed.until();
        if (!now.isBefore(end)) {
            return Verdict.rejected(Reason.RUN_OVER, "at the latest at " + end);
        }
        boolean isFresh =
                freshElsewhere
                        || believed.document()
                                .asked()
                                .nonce()
                                .filter(nonce -> nonces.use(nonce, now))
                                .isPresent();
        Held its =
                new Held(
                        task,
                        new Shown(facts.deepCopy().put(FRESH, false)),
                        new Shown(facts.put(FRESH, true)),
                        until(believed, end, now));
        hold(jwt, its, now);
        return Verdict.trusted(isFresh ? its.fresh() : its.shown());
    }

    private static Instant until(Believed believed, Instant end, Instant now) {
        Instant until = now.plus(GOOD);
        until = end.isBefore(until) ? end : until;
        return believed.until().isBefore(until) ? believed.until() : until;
    }

    /** When a run is over at the latest; long ago if its document does not say. */
    private static Instant end(ObjectNode facts) {
        try {
            return Instant.parse(facts.path("startedAt").asText())
                    .plusMillis(facts.path("limits").path("timeoutMillis").asLong())
                    .plus(SKEW);
        } catch (DateTimeParseException | ArithmeticException e) {
            return Instant.EPOCH;
        }
    }

    /** One that finds no room is looked at again the next time. */
    private void hold(String jwt, Held its, Instant now) {
        if (held.size() >= MOST_HELD) {
            held.values().removeIf(other -> !now.isBefore(other.until()));
        }
        if (held.size() < MOST_HELD) {
            held.put(jwt, its);
        }
    }
}

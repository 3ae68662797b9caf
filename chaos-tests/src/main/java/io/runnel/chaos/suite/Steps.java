package io.runnel.chaos.suite;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads the steps of a fault. */
final class Steps {
    private static final Set<String> STEP =
            Set.of(
                    "at", "add", "remove", "cut", "mend", "kill", "freeze", "thaw", "stop", "start",
                    "await", "lose", "deliver", "flood", "ebb", "fill", "free", "clock", "reset",
                    "revoke", "readmit", "forget");

    /** Toxiproxy's kinds, with what each is told. */
    private static final Map<String, Set<String>> TOXICS =
            Map.of(
                    "latency", Set.of("latency", "jitter"),
                    "bandwidth", Set.of("rate"),
                    "slow_close", Set.of("delay"),
                    "timeout", Set.of("timeout"),
                    "reset_peer", Set.of("timeout"),
                    "slicer", Set.of("average_size", "size_variation", "delay"),
                    "limit_data", Set.of("bytes"));

    private static final double LEAST_LOST = 0.001;

    private static final Set<String> TOXIC = Set.of("toxic", "link", "stream", "toxicity");

    private Steps() {}

    static List<FaultStep> read(Fields fault, Duration lasts) {
        List<FaultStep> steps = new ArrayList<>();
        Duration last = Duration.ZERO;
        for (Fields written : fault.mappings("steps", STEP)) {
            Duration at = written.required("at", Texts::duration);
            if (at.compareTo(last) < 0 || at.compareTo(lasts) > 0) {
                throw written.wrong(
                        "at",
                        "steps come in the order of their times, within the fault's %s: %s"
                                .formatted(lasts, at));
            }
            last = at;
            steps.add(new FaultStep(at, action(written)));
        }
        if (steps.isEmpty()) {
            throw fault.wrong("a fault has at least one step");
        }
        requireUndone(fault, steps);
        return steps;
    }

    /** What is promised of a disk that is full, a clock or a key, is promised of its end too. */
    private static void requireUndone(Fields fault, List<FaultStep> steps) {
        Set<String> broken = new TreeSet<>();
        for (FaultStep step : steps) {
            Action action = step.action();
            if (!sparesProcesses(action)) {
                continue;
            }
            if (!action.undoes()) {
                broken.add(action.subject());
            } else if (!broken.remove(action.subject())) {
                throw fault.wrong("steps", "'%s' undoes nothing".formatted(action.text()));
            }
        }
        if (!broken.isEmpty()) {
            throw fault.wrong("steps", "no step undoes: " + String.join(", ", broken));
        }
    }

    /** Whether it is done to what a node's process runs on, or has, and ends no process. */
    static boolean sparesProcesses(Action action) {
        return action instanceof Action.OnDisk
                || action instanceof Action.OnCertificate
                || action instanceof Action.Jump
                || action instanceof Action.Reset;
    }

    private static Action action(Fields step) {
        Set<String> kinds = new HashSet<>(step.keys());
        kinds.remove("at");
        if (kinds.size() != 1) {
            throw step.wrong("a step does one thing: it has %d".formatted(kinds.size()));
        }
        String kind = kinds.iterator().next();
        return switch (kind) {
            case "add" -> add(step.mapping("add", toxicKeys()));
            case "remove" -> remove(step.mapping("remove", Set.of("toxic", "link")));
            case "lose" -> lose(step.mapping("lose", Set.of("link", "share")));
            case "deliver" -> new Action.Deliver(step.required("deliver", LinkName::parse));
            case "cut" -> onLink(Action.LinkKind.CUT, step);
            case "mend" -> onLink(Action.LinkKind.MEND, step);
            case "fill" -> onDisk(Action.DiskKind.FILL, step);
            case "free" -> onDisk(Action.DiskKind.FREE, step);
            case "clock" -> jump(step.mapping("clock", Set.of("node", "by")));
            case "reset" -> new Action.Reset(step.required("reset", Texts::name));
            case "revoke" -> onCertificate(Action.CertificateKind.REVOKE, step);
            case "readmit" -> onCertificate(Action.CertificateKind.READMIT, step);
            case "forget" -> new Action.Forget(step.required("forget", Texts::name));
            case "flood" -> onCalls(Action.CallKind.FLOOD, step);
            case "ebb" -> onCalls(Action.CallKind.EBB, step);
            default ->
                    new Action.OnNode(
                            Action.Kind.valueOf(kind.toUpperCase(Locale.ROOT)),
                            step.required(kind, Texts::name));
        };
    }

    private static Action.Lose lose(Fields packets) {
        return new Action.Lose(
                packets.required("link", LinkName::parse), packets.required("share", Steps::lost));
    }

    private static double lost(String text) {
        double share = Texts.share(text);
        if (share < LEAST_LOST) {
            throw new IllegalArgumentException(
                    "a share of packets is 0.1%% or more: '%s'".formatted(text));
        }
        return share;
    }

    private static Action.Jump jump(Fields clock) {
        return new Action.Jump(
                clock.required("node", Texts::name), clock.required("by", Texts::difference));
    }

    private static Action.OnLink onLink(Action.LinkKind kind, Fields step) {
        return new Action.OnLink(kind, step.required(kind.label(), LinkName::parse));
    }

    private static Action.OnDisk onDisk(Action.DiskKind kind, Fields step) {
        return new Action.OnDisk(kind, step.required(kind.label(), Texts::name));
    }

    private static Action.OnCertificate onCertificate(Action.CertificateKind kind, Fields step) {
        return new Action.OnCertificate(kind, step.required(kind.label(), Texts::name));
    }

    private static Action.OnCalls onCalls(Action.CallKind kind, Fields step) {
        return new Action.OnCalls(kind, step.required(kind.label(), Texts::name));
    }

    private static Set<String> toxicKeys() {
        Set<String> keys = new HashSet<>(TOXIC);
        TOXICS.values().forEach(keys::addAll);
        return keys;
    }

    private static Action.Add add(Fields toxic) {
        String type = toxic.required("toxic", Steps::toxicType);
        Map<String, Long> attributes = new HashMap<>();
        for (String key : toxic.keys()) {
            if (TOXIC.contains(key)) {
                continue;
            }
            if (!TOXICS.getOrDefault(type, Set.of()).contains(key)) {
                throw toxic.wrong(key, "%s has no '%s'".formatted(type, key));
            }
            attributes.put(key, toxic.required(key, Texts::count));
        }
        return new Action.Add(
                toxic.required("link", LinkName::parse),
                type,
                toxic.optional("stream", Steps::isDownstream).orElse(true),
                toxic.optional("toxicity", Texts::toxicity).orElse(1.0),
                attributes);
    }

    private static Action.Remove remove(Fields toxic) {
        return new Action.Remove(
                toxic.required("link", LinkName::parse), toxic.required("toxic", Steps::toxicType));
    }

    /** One of Toxiproxy's kinds. */
    static String toxicType(String text) {
        if (!TOXICS.containsKey(text)) {
            throw new IllegalArgumentException(
                    "toxics are %s: '%s'"
                            .formatted(
                                    String.join(", ", TOXICS.keySet().stream().sorted().toList()),
                                    text));
        }
        return text;
    }

    private static boolean isDownstream(String text) {
        return switch (text) {
            case "downstream" -> true;
            case "upstream" -> false;
            default ->
                    throw new IllegalArgumentException(
                            "stream is upstream or downstream: '%s'".formatted(text));
        };
    }
}

package io.runnel.chaos.suite;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a step of a fault does. */
sealed interface Action {
    /** For people. */
    String text();

    /** What it does it to, the same for the step that undoes it: a link, a toxic on one, a node. */
    String subject();

    /** Whether it ends what an earlier step with the same subject began. */
    boolean undoes();

    /**
     * Puts a toxic on a link.
     *
     * @param type of Toxiproxy's kinds
     * @param downstream whether it works on what the server sends
     * @param toxicity share of connections, 0 to 1
     * @param attributes by Toxiproxy's names; milliseconds, bytes, KB a second
     */
    record Add(
            LinkName link,
            String type,
            boolean downstream,
            double toxicity,
            Map<String, Long> attributes)
            implements Action {
        public Add {
            attributes = Map.copyOf(attributes);
        }

        /** Its name at the proxy. */
        String toxic() {
            return type;
        }

        @Override
        public String text() {
            String values =
                    new TreeMap<>(attributes)
                            .entrySet().stream()
                                    .map(e -> e.getKey() + " " + e.getValue())
                                    .collect(Collectors.joining(", "));
            String way = downstream ? "downstream" : "upstream";
            return "%s (%s) %s on %s".formatted(type, values, way, link);
        }

        @Override
        public String subject() {
            return type + " on " + link;
        }

        @Override
        public boolean undoes() {
            return false;
        }
    }

    /** Takes a toxic away. */
    record Remove(LinkName link, String type) implements Action {
        @Override
        public String text() {
            return "no more " + subject();
        }

        @Override
        public String subject() {
            return type + " on " + link;
        }

        @Override
        public boolean undoes() {
            return true;
        }
    }

    /**
     * Has the kernel lose packets on a link, both ways.
     *
     * @param share of packets, 0 to 1
     */
    record Lose(LinkName link, double share) implements Action {
        @Override
        public String text() {
            return "%.1f %% of packets lost on %s".formatted(100 * share, link);
        }

        @Override
        public String subject() {
            return "packets on " + link;
        }

        @Override
        public boolean undoes() {
            return false;
        }
    }

    /** Has it lose none there any more. */
    record Deliver(LinkName link) implements Action {
        @Override
        public String text() {
            return "no packets lost on " + link;
        }

        @Override
        public String subject() {
            return "packets on " + link;
        }

        @Override
        public boolean undoes() {
            return true;
        }
    }

    /** Does something to a link as a whole. */
    record OnLink(LinkKind kind, LinkName link) implements Action {
        @Override
        public String text() {
            return kind.label() + " " + link;
        }

        @Override
        public String subject() {
            return link.toString();
        }

        @Override
        public boolean undoes() {
            return kind == LinkKind.MEND;
        }
    }

    /** What can be done to a link. */
    enum LinkKind {
        /** Its connections end, and nobody can connect. */
        CUT,
        /** Lets connections through again. */
        MEND;

        /** As it is written in a scenario. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Does something to a node's process. */
    record OnNode(Kind kind, String node) implements Action {
        @Override
        public String text() {
            return kind.label() + " " + node;
        }

        @Override
        public String subject() {
            return node;
        }

        @Override
        public boolean undoes() {
            return switch (kind) {
                case KILL, FREEZE, STOP -> false;
                case THAW, START, AWAIT -> true;
            };
        }
    }

    /** Takes the room of a node's data folder, or gives it back. */
    record OnDisk(DiskKind kind, String node) implements Action {
        @Override
        public String text() {
            return kind.label() + " the disk of " + node;
        }

        @Override
        public String subject() {
            return "disk of " + node;
        }

        @Override
        public boolean undoes() {
            return kind == DiskKind.FREE;
        }
    }

    /** What can be done to a disk. */
    enum DiskKind {
        /** Not a byte is left. */
        FILL,
        /** What was taken is free again. */
        FREE;

        /** As it is written in a scenario. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Sets a node's wall clock wrong while it runs.
     *
     * @param by how much it is ahead then; whole seconds, behind if negative
     */
    record Jump(String node, Duration by) implements Action {
        @Override
        public String text() {
            String where = by.isNegative() ? "behind" : "ahead";
            return "clock of %s %d s %s".formatted(node, by.abs().toSeconds(), where);
        }

        @Override
        public String subject() {
            return "clock of " + node;
        }

        @Override
        public boolean undoes() {
            return false;
        }
    }

    /** Sets it right. */
    record Reset(String node) implements Action {
        @Override
        public String text() {
            return "clock of " + node + " right";
        }

        @Override
        public String subject() {
            return "clock of " + node;
        }

        @Override
        public boolean undoes() {
            return true;
        }
    }

    /** Takes what was certified of a node from it, as an operator does, or lets it be again. */
    record OnCertificate(CertificateKind kind, String node) implements Action {
        @Override
        public String text() {
            return kind.label() + " " + node;
        }

        @Override
        public String subject() {
            return "certificate of " + node;
        }

        @Override
        public boolean undoes() {
            return kind == CertificateKind.READMIT;
        }
    }

    /** A POP's disk loses its key; its process notices when it starts again. */
    record Forget(String node) implements Action {
        @Override
        public String text() {
            return "forget the key of " + node;
        }

        @Override
        public String subject() {
            return "key of " + node;
        }

        @Override
        public boolean undoes() {
            return false;
        }
    }

    /** What can be done to what was certified of a node. */
    enum CertificateKind {
        /** All of it is worth nothing, and nothing more is certified. */
        REVOKE,
        /** It may be certified again. */
        READMIT;

        /** As it is written in a scenario, and the command's name. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** More calls come than can be served. Nothing is done to the network itself. */
    record OnCalls(CallKind kind, String stream) implements Action {
        @Override
        public String text() {
            return kind.label() + " of calls: " + stream;
        }

        @Override
        public String subject() {
            return stream;
        }

        @Override
        public boolean undoes() {
            return kind == CallKind.EBB;
        }
    }

    /** When a flood of calls comes. */
    enum CallKind {
        /** It begins. */
        FLOOD,
        /** It ends. */
        EBB;

        /** As it is written in a scenario. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What can be done to a process. */
    enum Kind {
        /** SIGKILL; the supervisor starts it again. */
        KILL,
        /** SIGSTOP: it is there, and does nothing. */
        FREEZE,
        /** SIGCONT. */
        THAW,
        /** {@code runnel stop}: what runs may end, then it ends, and stays so. */
        STOP,
        /** {@code runnel start}. */
        START,
        /** Nothing; it takes until the node is ready. */
        AWAIT;

        /** As it is written in a scenario. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}

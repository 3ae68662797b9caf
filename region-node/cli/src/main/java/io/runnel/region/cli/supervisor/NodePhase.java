package io.runnel.region.cli.supervisor;

import java.util.Locale;
import java.util.Optional;

/** What the supervisor knows of one node. */
public enum NodePhase {
    /** Its process runs and does not answer that it is ready yet. */
    STARTING,
    /** It answered that it is ready. */
    READY,
    /** It serves while a process starts that takes over from the one it has. */
    RESTARTING,
    /** It died and will be started again after a while. */
    WAITING,
    /** It was told to end and has not ended yet. */
    STOPPING,
    /** It ended because it was told to. */
    STOPPED,
    /** It died and is not started again. */
    DEAD;

    /** As people and programs read it: {@code ready}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The phase that is written so. */
    public static Optional<NodePhase> ofLabel(String label) {
        for (NodePhase phase : values()) {
            if (phase.label().equals(label)) {
                return Optional.of(phase);
            }
        }
        return Optional.empty();
    }

    boolean hasProcess() {
        return switch (this) {
            case STARTING, READY, RESTARTING, STOPPING -> true;
            case WAITING, STOPPED, DEAD -> false;
        };
    }
}

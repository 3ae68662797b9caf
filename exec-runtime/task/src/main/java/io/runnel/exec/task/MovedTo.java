package io.runnel.exec.task;

import java.util.Optional;

/**
 * Where a call goes on that was moved while it ran.
 *
 * @param id by which its answer is had there
 */
public record MovedTo(RegionId region, NodeName node, MoveId id) {
    private static final int PARTS = 3;

    /** As nodes tell each other: {@code eu-west/eu-west-2/ID}. */
    public String format() {
        return "%s/%s/%s".formatted(region, node, id);
    }

    /** Reads what {@link #format} writes; empty if it is no such text. */
    public static Optional<MovedTo> parse(String text) {
        String[] parts = text.split("/", -1);
        return parts.length == PARTS
                        && RegionId.isValid(parts[0])
                        && NodeName.isValid(parts[1])
                        && MoveId.isValid(parts[2])
                ? Optional.of(
                        new MovedTo(
                                new RegionId(parts[0]),
                                new NodeName(parts[1]),
                                new MoveId(parts[2])))
                : Optional.empty();
    }
}

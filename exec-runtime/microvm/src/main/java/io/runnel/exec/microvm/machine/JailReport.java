package io.runnel.exec.microvm.machine;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which fences a node's machines have.
 *
 * @param missing why, for each that they have not
 */
public record JailReport(Map<Fence, String> missing) {
    /** Copies the map. */
    public JailReport {
        Map<Fence, String> sorted = new EnumMap<>(Fence.class);
        sorted.putAll(missing);
        missing = Map.copyOf(sorted);
    }

    /** Whether machines have this one. */
    public boolean holds(Fence fence) {
        return !missing.containsKey(fence);
    }

    /** The words of those that hold, in the order of {@link Fence}: {@code uid,root,…}. */
    public String fences() {
        return Arrays.stream(Fence.values())
                .filter(this::holds)
                .map(Fence::word)
                .collect(Collectors.joining(","));
    }

    /** A line for each that is missing, for people: {@code no cgroup-cpu: …}. */
    public List<String> flaws() {
        return Arrays.stream(Fence.values())
                .filter(fence -> !holds(fence))
                .map(fence -> "no %s: %s".formatted(fence.word(), missing.get(fence)))
                .toList();
    }
}

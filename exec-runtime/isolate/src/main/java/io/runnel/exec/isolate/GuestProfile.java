package io.runnel.exec.isolate;

import java.util.List;

/**
 * Where the guests of a task spent their time on a node, as seen by looking at their threads from
 * time to time.
 *
 * @param samples how often a call was seen running
 * @param functions those that were seen most often, by themselves first
 */
public record GuestProfile(long samples, List<Function> functions) {
    /**
     * One function of the guest.
     *
     * @param self in how many samples it ran itself, or the host for it
     * @param total in how many samples it was on the stack
     */
    public record Function(String name, long self, long total) {}

    public GuestProfile {
        functions = List.copyOf(functions);
    }
}

package io.runnel.routing.placement;

import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Task;
import io.runnel.routing.catalog.VersionRecord;
import io.runnel.topology.Pop;
import io.runnel.topology.Restrictions;

/** Whether a version may run at a POP at all, whatever its load. */
public enum Fit {
    /** It may. */
    FITS,
    /** It is bound to regions, and the POP's own region is none of them. */
    BOUND_ELSEWHERE,
    /** It may take more memory than one call gets here. */
    TOO_MUCH_MEMORY,
    /** It may take longer than one call may here. */
    TOO_LONG,
    /** Its kind of isolate is not run here. */
    NO_RUNTIME,
    /** It sends requests, and those of guests do not leave from here. */
    NO_NETWORK,
    /** It uses a device that is not here. */
    NO_DEVICE,
    /** Its owner asks of nodes what this one is not: for whoever knows to say. */
    NOT_QUALIFIED;

    /** How this version fits this POP: its declared limits against what the POP allows. */
    public static Fit of(VersionRecord version, Pop pop) {
        if (!version.regions().isEmpty() && !version.regions().contains(pop.region())) {
            return BOUND_ELSEWHERE;
        }
        if (!pop.devices().have(version.task().options().devices())) {
            return NO_DEVICE;
        }
        return of(version.task(), pop.restrictions());
    }

    private static Fit of(Task task, Restrictions allowed) {
        Limits declared = task.limits();
        if (!allowed.runtimes().contains(task.runtime())) {
            return NO_RUNTIME;
        }
        if (declared.memory().compareTo(allowed.maxMemory()) > 0) {
            return TOO_MUCH_MEMORY;
        }
        if (declared.timeout().compareTo(allowed.maxDuration()) > 0) {
            return TOO_LONG;
        }
        return allowed.outbound() || task.options().outbound().isEmpty() ? FITS : NO_NETWORK;
    }
}

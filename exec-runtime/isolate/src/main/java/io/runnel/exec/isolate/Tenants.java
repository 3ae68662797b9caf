package io.runnel.exec.isolate;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.Task;

/** In whose share a call counts. Pure; any thread. */
public final class Tenants {
    private Tenants() {}

    /** The account that was proved to call; for a call without credentials the task's owner. */
    public static AccountId of(Task task, Caller caller) {
        return switch (caller) {
            case Caller.Keyed keyed -> keyed.account();
            case Caller.Anonymous _ -> task.ref().account();
        };
    }
}

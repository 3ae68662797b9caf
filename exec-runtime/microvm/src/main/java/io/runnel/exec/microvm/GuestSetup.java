package io.runnel.exec.microvm;

import io.runnel.exec.microvm.guest.GuestCall;
import io.runnel.exec.microvm.guest.GuestConfig;
import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.Task;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Puts tasks and calls into a guest's words. Pure. */
final class GuestSetup {
    /** What is another with each call, and so no part of what a function is started with. */
    private static final String REQUEST = "RUNNEL_REQUEST_ID";

    private static final String CONTEXT = "RUNNEL_CLIENT_CONTEXT";

    private static final int TMP_PART = 4;
    private static final int LEAST_TMP = 16;
    private static final int MIB_SHIFT = 20;

    private GuestSetup() {}

    /** What a task's function is started with, when nobody calls yet. */
    static GuestConfig of(Task task) {
        return config(task, new HashMap<>(task.environment()));
    }

    /** What the function has to be started with that takes this call. */
    static GuestConfig of(Invocation call) {
        Map<String, String> environment = new HashMap<>(call.environment());
        environment.remove(REQUEST);
        environment.remove(CONTEXT);
        return config(call.task(), environment);
    }

    private static GuestConfig config(Task task, Map<String, String> environment) {
        environment.put("RUNNEL_ACCOUNT", task.ref().account().value());
        environment.put("RUNNEL_TASK", task.ref().name().value());
        environment.put("RUNNEL_TASK_VERSION", Integer.toString(task.version()));
        long mib = MicrovmHost.wholeMiB(task.limits().memory()) >> MIB_SHIFT;
        return new GuestConfig(
                environment,
                "bootstrap",
                (int) mib,
                (int) Math.max(LEAST_TMP, mib / TMP_PART),
                task.ref().name().value(),
                Integer.toString(task.version()),
                "snap-start",
                task.limits().responseBody().bytes());
    }

    /** The call as its function sees it. */
    static GuestCall call(Invocation call, long deadlineMillis) {
        Task task = call.task();
        return new GuestCall(
                call.id().value(),
                deadlineMillis,
                "arn:aws:lambda:runnel:%s:function:%s:%d"
                        .formatted(task.ref().account(), task.ref().name(), task.version()),
                "",
                Optional.ofNullable(call.environment().get(CONTEXT)));
    }
}

package io.runnel.routing.edge;

import io.runnel.exec.task.SecretBundle;
import io.runnel.exec.task.Task;

import java.util.Map;
import java.util.Optional;

/** The secrets that are on this node, in memory. Any thread; never blocks. */
@FunctionalInterface
public interface GuestSecrets {
    /** The secret variables of a task that is run, which are here then. */
    Map<String, String> of(Task task);

    /** What is kept under a key, if it is here; never, unless a node says otherwise. */
    default Optional<Map<String, String>> under(SecretBundle.Key key) {
        return Optional.empty();
    }
}

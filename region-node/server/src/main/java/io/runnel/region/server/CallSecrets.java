package io.runnel.region.server;

import io.runnel.exec.task.SecretBundle;
import io.runnel.exec.task.Task;
import io.runnel.region.server.control.TaskSecrets;
import io.runnel.routing.edge.EdgeCall;
import io.runnel.routing.edge.GuestSecrets;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** The secrets that calls need which run in a region. Safe for any thread. */
record CallSecrets(TaskSecrets secrets) implements GuestSecrets {
    /** Whether all is here that is to be set in a call; once it is, in memory. */
    CompletableFuture<Boolean> areHere(EdgeCall call) {
        CompletableFuture<Boolean> ofTask = secrets.areHere(call.version().task());
        if (!call.parameters().haveSecrets()) {
            return ofTask;
        }
        return Stream.concat(
                        Stream.of(ofTask),
                        call.parameters().bundles().stream().map(secrets::areHere))
                .reduce((a, b) -> a.thenCombine(b, Boolean::logicalAnd))
                .orElseThrow();
    }

    @Override
    public Map<String, String> of(Task task) {
        return secrets.of(task);
    }

    @Override
    public Optional<Map<String, String>> under(SecretBundle.Key key) {
        return secrets.inMemory(key);
    }
}

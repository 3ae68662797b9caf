package io.runnel.region.server;

import io.runnel.cluster.replication.InternalClient;
import io.runnel.cluster.replication.Peer;
import io.runnel.exec.durable.EventRunner;
import io.runnel.exec.durable.KeptEvent;
import io.runnel.exec.durable.RunAnswer;
import io.runnel.exec.http.ClientContext;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Limits;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Runs events by asking the node's own {@code internal} listener to: so they take the way that all
 * calls take, with all that is asked, counted and noted on it. Safe for any thread; never blocks.
 *
 * @param client for this alone; as many connections as events run at once
 * @param workers where answers are told
 */
record EventLoopback(InternalClient client, Peer self, Executor workers) implements EventRunner {
    /** Where a node runs an event; the event's id follows. */
    static final String PATH = "/v1/events/";

    /** What is told of an answer to others. */
    private static final ByteSize MOST_ANSWER = ByteSize.ofKiB(256);

    /** A call that says nothing for so long is over. */
    private static final Duration PATIENCE = Limits.LONGEST_TIMEOUT.plusMinutes(1);

    @Override
    public CompletableFuture<RunAnswer> run(KeptEvent event) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        if (!event.asked().context().isEmpty()) {
            headers.set(ClientContext.HEADER, event.asked().context());
        }
        CompletableFuture<RunAnswer> answer = new CompletableFuture<>();
        client.post(self, PATH + event.id(), headers, (int) MOST_ANSWER.bytes(), PATIENCE)
                .map(EventLoopback::answer)
                .onComplete(
                        told -> workers.execute(() -> answer.complete(told)),
                        failure -> workers.execute(() -> answer.completeExceptionally(failure)));
        return answer;
    }

    private static RunAnswer answer(InternalClient.Told told) {
        return new RunAnswer(
                told.status(),
                Optional.ofNullable(told.headers().get("X-Amz-Function-Error")),
                Optional.ofNullable(told.headers().get("X-Amz-Executed-Version")),
                told.body().map(Buffer::getBytes));
    }
}

package io.runnel.exec.http;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Task;

/**
 * How much body a request may bring, and how much of it is gathered before anything is done.
 *
 * @param most past it the answer is 413
 * @param gathered what is more streams
 */
public record BodyLimits(ByteSize most, ByteSize gathered) {
    private static final ByteSize GATHERED = ByteSize.ofMiB(1);

    /**
     * For a call of this task over {@code /fn}: an event is made of the whole body, so nothing of
     * it streams.
     */
    public static BodyLimits of(Task task) {
        ByteSize most = task.limits().requestBody();
        return new BodyLimits(
                most,
                switch (task.handler()) {
                    case HandlerKind.HTTP -> GATHERED;
                    case HandlerKind.EVENT -> most;
                });
    }

    /** For a Lambda Invoke call of this task: its payload streams past the first MiB. */
    public static BodyLimits ofInvoke(Task task) {
        return new BodyLimits(task.limits().requestBody(), GATHERED);
    }

    /** A body that is gathered as a whole, up to this. */
    public static BodyLimits whole(ByteSize most) {
        return new BodyLimits(most, most);
    }
}

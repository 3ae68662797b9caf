package io.runnel.exec.microvm;

import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.microvm.guest.GuestAnswer;
import io.runnel.exec.microvm.guest.GuestError;
import io.runnel.exec.microvm.guest.ResponseHead;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.Usage;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Puts the ends of guests' calls into our words. Pure. */
final class GuestEnds {
    private GuestEnds() {}

    /**
     * Tells a task's owner, in the call's log, what its guest was kept from on the network.
     *
     * @param refused as {@code reach example.com:25}
     */
    static void tell(List<String> refused, OutputSink log) {
        for (String what : refused) {
            byte[] line =
                    "runnel: the task may not %s: it is not among its --outbound hosts\n"
                            .formatted(what)
                            .getBytes(StandardCharsets.UTF_8);
            log.write(line, 0, line.length);
        }
    }

    /** Whether the function goes on after it. */
    static boolean leavesItWell(GuestAnswer answer) {
        return switch (answer) {
            case GuestAnswer.Answered _, GuestAnswer.Failed _ -> true;
            case GuestAnswer.Exited _, GuestAnswer.Broken _, GuestAnswer.Moved _ -> false;
        };
    }

    /**
     * What the function says of its failure, which stands in place of its answer.
     *
     * @return empty if it has not failed, has begun to answer, or has said nothing
     */
    static Optional<byte[]> said(GuestAnswer answer) {
        return answer instanceof GuestAnswer.Failed(GuestError error)
                ? Optional.of(error.body().getBytes(StandardCharsets.UTF_8))
                : Optional.empty();
    }

    static Outcome outcome(GuestAnswer answer, Usage usage, Limits limits) {
        return switch (answer) {
            case GuestAnswer.Answered(ResponseHead _, Optional<GuestError> error) ->
                    error.isEmpty()
                            ? new Outcome.Completed(usage)
                            : new Outcome.FunctionError(usage, 1);
            case GuestAnswer.Failed _ -> new Outcome.FunctionError(usage, 1);
            case GuestAnswer.Exited exited when exited.outOfMemory() ->
                    new Outcome.MemoryExceeded(usage, limits.memory());
            case GuestAnswer.Exited(OptionalInt code, OptionalInt signal, boolean _) ->
                    signal.isPresent()
                            ? new Outcome.Trapped(
                                    usage, "it was ended by signal %d".formatted(signal.getAsInt()))
                            : new Outcome.FunctionError(usage, code.orElse(0));
            case GuestAnswer.Broken(String reason) -> new Outcome.Trapped(usage, reason);
            case GuestAnswer.Moved _ -> throw new IllegalArgumentException("it has not ended");
        };
    }
}

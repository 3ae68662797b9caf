package io.runnel.exec.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.RequestId;
import io.vertx.core.buffer.Buffer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the Lambda Invoke call gives back: the guest's output as it is, or, where the guest failed,
 * 200 with {@code X-Amz-Function-Error} and a JSON error. Pure.
 */
final class LambdaReply implements EventReply {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Answer.Header OF_JSON =
            new Answer.Header("Content-Type", "application/json");
    private static final Answer.Header UNHANDLED =
            new Answer.Header("X-Amz-Function-Error", "Unhandled");

    private final RequestId id;
    private final int version;
    private final Optional<LogTail> tail;

    /**
     * Of one call.
     *
     * @param tail of its log, if its caller is to get that
     */
    LambdaReply(RequestId id, int version, Optional<LogTail> tail) {
        this.id = id;
        this.version = version;
        this.tail = tail;
    }

    @Override
    public Told make(Outcome outcome, WholeOutput output) {
        Told told = told(outcome, output);
        return told instanceof Answered(Answer answer) && tail.isPresent()
                ? new Answered(answer.with(tail.get().header()))
                : told;
    }

    private Told told(Outcome outcome, WholeOutput output) {
        return switch (outcome) {
            case Outcome.Completed completed -> success(output);
            case Outcome.FunctionError error when isObject(output) -> ownError(output);
            case Outcome other ->
                    FunctionFailure.of(other).map(this::error).orElseGet(() -> failed(other));
        };
    }

    private static Told failed(Outcome outcome) {
        return new Failed(OutcomeStatus.of(outcome).orElse(ErrorCode.INTERNAL_ERROR), "");
    }

    private Told success(WholeOutput output) {
        return answered(List.of(OF_JSON, versionHeader(version), idHeader(id)), output.toBuffer());
    }

    /** A guest that says what went wrong is taken at its word. */
    private Told ownError(WholeOutput output) {
        return answered(
                List.of(OF_JSON, UNHANDLED, versionHeader(version), idHeader(id)),
                output.toBuffer());
    }

    private Told error(FunctionFailure failure) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(128);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("errorType", failure.type());
            json.writeStringField("errorMessage", failure.told(id));
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("an array takes every byte", e);
        }
        return answered(
                List.of(OF_JSON, UNHANDLED, versionHeader(version), idHeader(id)),
                Buffer.buffer(out.toByteArray()));
    }

    private static Told answered(List<Answer.Header> headers, Buffer body) {
        return new Answered(new Answer(200, headers, OptionalLong.empty(), body));
    }

    static Answer.Header versionHeader(int version) {
        return new Answer.Header("X-Amz-Executed-Version", Integer.toString(version));
    }

    static Answer.Header idHeader(RequestId id) {
        return new Answer.Header(LambdaErrors.REQUEST_ID.toString(), id.value());
    }

    /** Whether it looks like a JSON object, which is all that a caller needs to read it. */
    private static boolean isObject(WholeOutput output) {
        byte[] bytes = output.toBytes();
        int first = 0;
        int last = bytes.length - 1;
        while (first <= last && bytes[first] <= ' ' && bytes[first] >= 0) {
            first++;
        }
        while (last >= first && bytes[last] <= ' ' && bytes[last] >= 0) {
            last--;
        }
        return last > first && bytes[first] == '{' && bytes[last] == '}';
    }
}

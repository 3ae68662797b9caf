package io.runnel.exec.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import io.runnel.exec.task.RequestId;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Problem documents (RFC 9457): {@code type, title, status, code, detail, requestId}. */
public final class Problems {
    private static final JsonFactory JSON = new JsonFactory();
    private static final CharSequence MEDIA_TYPE =
            HttpHeaders.createOptimized("application/problem+json");
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final String TYPE = "urn:runnel:problem:";

    private Problems() {}

    /**
     * Answers with a problem document, with what headers the response has already. Prefer {@link
     * Exchange#refuse(Problem)}, which keeps the connection sane too.
     */
    public static void send(HttpServerResponse response, Problem problem, RequestId id) {
        response.setStatusCode(problem.code().status());
        MultiMap headers = response.headers();
        headers.set(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE);
        headers.set(HttpHeaders.CACHE_CONTROL, NO_STORE);
        problem.retryAfterSeconds()
                .ifPresent(s -> headers.set(RunnelHeaders.RETRY_AFTER, Integer.toString(s)));
        response.end(Buffer.buffer(document(problem, id)));
    }

    /** The document's bytes. */
    public static byte[] document(Problem problem, RequestId id) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            ProblemCode code = problem.code();
            json.writeStartObject();
            json.writeStringField("type", TYPE + code.label());
            json.writeStringField("title", code.title());
            json.writeNumberField("status", code.status());
            json.writeStringField("code", code.label());
            if (problem.detail().isPresent()) {
                json.writeStringField("detail", problem.detail().get());
            }
            json.writeStringField("requestId", id.value());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("an array takes every byte", e);
        }
        return out.toByteArray();
    }
}

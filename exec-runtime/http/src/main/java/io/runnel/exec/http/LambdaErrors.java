package io.runnel.exec.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import io.runnel.exec.task.CredentialFlaw;
import io.runnel.exec.task.RequestId;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Failures as the AWS Lambda API tells them, so that its SDKs know them and retry what passes. */
final class LambdaErrors {
    private static final JsonFactory JSON = new JsonFactory();
    private static final CharSequence MEDIA_TYPE = HttpHeaders.createOptimized("application/json");
    private static final CharSequence ERROR_TYPE = HttpHeaders.createOptimized("X-Amzn-ErrorType");
    private static final String UNKNOWN_CLIENT = "UnrecognizedClientException";
    private static final int DENIED = 403;
    static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("X-Amzn-RequestId");

    /** What AWS names it, and with which status. */
    record Form(String type, int status) {
        boolean isOfService() {
            return status >= 500;
        }
    }

    private LambdaErrors() {}

    static void send(HttpServerResponse response, Problem problem, RequestId id) {
        Form form = form(problem);
        response.setStatusCode(form.status());
        MultiMap headers = response.headers();
        headers.set(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE);
        headers.set(ERROR_TYPE, form.type());
        headers.set(REQUEST_ID, id.value());
        problem.retryAfterSeconds()
                .ifPresent(s -> headers.set(RunnelHeaders.RETRY_AFTER, Integer.toString(s)));
        response.end(Buffer.buffer(document(problem, form)));
    }

    private static byte[] document(Problem problem, Form form) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(128);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("Type", form.isOfService() ? "Service" : "User");
            json.writeStringField("Message", message(problem));
            json.writeStringField("Code", problem.code().label());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("an array takes every byte", e);
        }
        return out.toByteArray();
    }

    private static String message(Problem problem) {
        return problem.flaw()
                .map(CredentialFlaw::sentence)
                .or(problem::detail)
                .orElse(problem.code().title());
    }

    private static Form form(Problem problem) {
        return problem.flaw()
                .map(flaw -> new Form(type(flaw.kind()), DENIED))
                .orElseGet(() -> form(problem.code()));
    }

    private static String type(CredentialFlaw.Kind kind) {
        return switch (kind) {
            case MISSING -> "MissingAuthenticationTokenException";
            case INCOMPLETE -> "IncompleteSignatureException";
            case UNKNOWN -> UNKNOWN_CLIENT;
            case INVALID -> "InvalidSignatureException";
        };
    }

    static Form form(ProblemCode code) {
        return code instanceof ErrorCode known ? form(known) : formOf(code.status());
    }

    /** Of what other parts of the network say, by what kind of failure it is. */
    private static Form formOf(int status) {
        return switch (status) {
            case 403 -> new Form("AccessDeniedException", 403);
            case 404 -> new Form("ResourceNotFoundException", 404);
            case 409 -> new Form("ResourceConflictException", 409);
            case 412 -> new Form("PreconditionFailedException", 412);
            case 413 -> new Form("RequestTooLargeException", 413);
            case 400, 415, 422 -> new Form("InvalidParameterValueException", 400);
            case 503 -> new Form("ServiceUnavailableException", 503);
            default -> new Form("ServiceException", status);
        };
    }

    private static Form form(ErrorCode code) {
        return switch (code) {
            case NOT_FOUND, TASK_NOT_FOUND -> new Form("ResourceNotFoundException", 404);
            case UNAUTHENTICATED -> new Form(UNKNOWN_CLIENT, DENIED);
            case ACCESS_DENIED, CALLER_REJECTED -> new Form("AccessDeniedException", 403);
            case PAYLOAD_TOO_LARGE -> new Form("RequestTooLargeException", 413);
            case RATE_LIMITED, BUDGET_EXHAUSTED, OVER_CAPACITY ->
                    new Form("TooManyRequestsException", 429);
            case BAD_REQUEST,
                    EXPECTATION_FAILED,
                    METHOD_NOT_ALLOWED,
                    URI_TOO_LONG,
                    HEADERS_TOO_LARGE,
                    REQUEST_TIMEOUT ->
                    new Form("InvalidRequestContentException", code.status());
            case UNSUPPORTED_HANDLER, UNSUPPORTED_MEDIA_TYPE ->
                    new Form("InvalidParameterValueException", 400);
            case RUNTIME_UNAVAILABLE, REGION_UNREACHABLE ->
                    new Form("ServiceUnavailableException", 503);
            case INTERNAL_ERROR,
                    NOT_IMPLEMENTED,
                    FUNCTION_ERROR,
                    TASK_TRAPPED,
                    STACK_EXCEEDED,
                    MEMORY_EXCEEDED,
                    OUTPUT_TOO_LARGE,
                    INVALID_OUTPUT,
                    TASK_TIMEOUT,
                    NOT_CACHED,
                    LOOP_DETECTED ->
                    new Form("ServiceException", code.status());
        };
    }
}

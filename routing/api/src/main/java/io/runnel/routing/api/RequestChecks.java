package io.runnel.routing.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a route asks of requests: parameters, the type of a body, and what JSON is in it. Nothing of
 * a request is changed by it. Immutable; any thread. A check takes a bounded time ({@link
 * CheckSteps}): some tens of milliseconds at worst, microseconds usually.
 */
public final class RequestChecks {
    /**
     * The most bytes of a body that is checked against a schema: 256 KiB. Who gathers a body to
     * have it checked refuses a larger one, with 413.
     */
    public static final int MOST_BODY = 256 * 1024;

    /** Nothing is asked. */
    public static final RequestChecks NONE = new RequestChecks(List.of(), Optional.empty());

    private final List<ParameterCheck> parameters;
    private final Set<String> queryNames;
    private final Optional<BodyCheck> body;

    RequestChecks(List<ParameterCheck> parameters, Optional<BodyCheck> body) {
        this.parameters = List.copyOf(parameters);
        this.queryNames =
                parameters.stream()
                        .filter(parameter -> parameter.in() == ParameterCheck.In.QUERY)
                        .map(ParameterCheck::name)
                        .collect(Collectors.toUnmodifiableSet());
        this.body = body;
    }

    /**
     * Checks what comes before a body.
     *
     * @param path the parameters of the path, decoded
     * @param query as it came, without the question mark; empty if there is none
     * @param headers all values of a header by its name, which is asked in lower case
     * @return what is wrong, if anything is
     */
    public Optional<RequestFlaw> head(
            Map<String, String> path, String query, Function<String, List<String>> headers) {
        List<RequestFlaw> flaws = new ArrayList<>();
        if (!parameters.isEmpty()) {
            Optional<Map<String, List<String>>> fields = QueryText.fields(query, queryNames);
            if (fields.isEmpty()) {
                return Optional.of(RequestFlaw.bad("query", "is not well encoded"));
            }
            for (ParameterCheck parameter : parameters) {
                flaws.addAll(parameter.flaws(path, fields.get(), headers));
                if (flaws.size() >= CheckSteps.MOST_FLAWS) {
                    break;
                }
            }
        }
        if (!flaws.isEmpty()) {
            return Optional.of(RequestFlaw.all(flaws));
        }
        return body.flatMap(check -> check.head(headers));
    }

    /** Whether bodies may have to be gathered to be checked. */
    public boolean wantsBody() {
        return body.isPresent() && body.get().hasSchema();
    }

    /**
     * Whether a body of this type has to be gathered to be checked.
     *
     * @param contentType as the request has it
     */
    public boolean wantsBody(Optional<String> contentType) {
        return body.isPresent() && body.get().hasSchema(contentType);
    }

    /**
     * Checks a body.
     *
     * @param contentType as the request has it
     * @param bytes all of it, at most {@link #MOST_BODY}: of more no schema is asked, and it is
     *     wrong
     * @return what is wrong, if anything is
     */
    public Optional<RequestFlaw> body(Optional<String> contentType, byte[] bytes) {
        return body.flatMap(check -> check.body(contentType, bytes));
    }
}

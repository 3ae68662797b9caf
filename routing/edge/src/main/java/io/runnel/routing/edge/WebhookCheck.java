package io.runnel.routing.edge;

import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.GatheredBody;
import io.runnel.exec.http.Problem;
import io.runnel.routing.api.WebhookFlaw;
import io.runnel.routing.api.WebhookRule;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Says of calls by routes for webhooks whether their senders signed them. The secret is one of the
 * task's, so that this is asked where the task runs. For any event loop.
 *
 * @param secrets those of tasks that are run
 */
record WebhookCheck(GuestSecrets secrets, InstantSource clock) {
    /** Why a call is not run; empty if it may be. */
    Optional<Problem> problem(EdgeCall call, GatheredBody body) {
        return call.api()
                .flatMap(api -> api.operation().webhook())
                .flatMap(rule -> problem(call, rule, body));
    }

    private Optional<Problem> problem(EdgeCall call, WebhookRule rule, GatheredBody body) {
        String secret = secrets.of(call.version().task()).get(rule.secret());
        if (secret == null) {
            return Optional.of(
                    Problem.of(ErrorCode.RUNTIME_UNAVAILABLE)
                            .withDetail("The task has no such secret as its route checks by."));
        }
        if (!body.isWhole()) {
            return Optional.of(Problem.of(ErrorCode.PAYLOAD_TOO_LARGE));
        }
        return rule.check(
                        secret.getBytes(StandardCharsets.UTF_8),
                        call.exchange().request().headers()::getAll,
                        body.head().getBytes(),
                        clock.instant().getEpochSecond())
                .map(WebhookCheck::told);
    }

    private static Problem told(WebhookFlaw flaw) {
        return switch (flaw) {
            case MISSING, MALFORMED, WRONG ->
                    Problem.of(ErrorCode.UNAUTHENTICATED)
                            .withDetail("The signature is missing, malformed or wrong.");
            case TOO_OLD ->
                    Problem.of(ErrorCode.UNAUTHENTICATED)
                            .withDetail("The signature's time is too far from now.");
            case BAD_SECRET ->
                    Problem.of(ErrorCode.RUNTIME_UNAVAILABLE)
                            .withDetail("The secret that the route checks by is of no use.");
        };
    }
}

package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.GrantRecord;
import io.runnel.routing.catalog.Grantee;
import io.runnel.routing.catalog.Stamped;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Grants of a task, as a function's permissions in AWS Lambda's API. */
final class FunctionPermissions {
    private static final String SID = "StatementId";
    private static final String ACTION = "Action";
    private static final String PRINCIPAL = "Principal";
    private static final String REVISION = FunctionRevision.FIELD;
    private static final String URL_TYPE = "FunctionUrlAuthType";
    private static final String INVOKE = "lambda:InvokeFunction";
    private static final Set<String> ACTIONS =
            Set.of(INVOKE, "lambda:InvokeFunctionUrl", "lambda:*");
    private static final Pattern ACCOUNT =
            Pattern.compile("(?:arn:aws:iam::)?([a-z0-9-]{1,63})(?::root)?");

    private final ControlSettings settings;
    private final GrantOperations grants;

    FunctionPermissions(ControlSettings settings, GrantOperations grants) {
        this.settings = settings;
        this.grants = grants;
    }

    /** AddPermission. */
    CompletionStage<Reply> add(Call call) {
        JsonBody said = call.body().knowing(SID, ACTION, PRINCIPAL, REVISION, URL_TYPE);
        String id = said.text(SID);
        requireAction(said);
        requireRevision(call, said.optional(REVISION, text -> text));
        if (find(call, id).isPresent()) {
            throw new RefusedException(
                    ControlError.CONFLICT,
                    "The statement id (%s) provided already exists.".formatted(id));
        }
        ObjectNode grant = ControlJson.object();
        Qualifier only = FunctionQualifier.of(call).qualifier();
        if (only.version() > 0) {
            grant.put("version", only.version());
        } else if (!only.alias().isEmpty()) {
            grant.put("alias", only.alias());
        }
        Call about =
                call.about(
                        Map.of("grantee", grantee(said.text(PRINCIPAL)), "grant", id),
                        JsonBody.of(grant),
                        Map.of());
        return grants.put(about)
                .thenApply(
                        done -> {
                            ObjectNode json = ControlJson.object();
                            GrantRecord made = made(about, id);
                            json.put("Statement", statement(call, made).toString());
                            return new Reply.Whole(201, Map.of(), Optional.of(json));
                        });
    }

    private GrantRecord made(Call call, String id) {
        return settings.catalog()
                .get()
                .grants(call.task())
                .map(Stamped::value)
                .filter(grant -> grant.id().equals(id) && !grant.revoked())
                .findFirst()
                .orElseThrow(() -> new RefusedException(ControlError.GRANT_NOT_FOUND));
    }

    private static void requireAction(JsonBody said) {
        if (!ACTIONS.contains(said.text(ACTION))) {
            throw RefusedException.invalid(
                    ACTION, "must be " + INVOKE + ": nothing else is granted");
        }
    }

    private static void requireRevision(Call call, Optional<String> wanted) {
        String is = FunctionConfiguration.revision(call.catalog(), call.task());
        if (wanted.isPresent() && !wanted.get().equals(is)) {
            throw new RefusedException(ControlError.PRECONDITION_FAILED, REVISION + " is " + is);
        }
    }

    /** An account, by its name or as AWS writes one, or all. */
    private static String grantee(String principal) {
        if (principal.equals(Grantee.EVERY_ACCOUNT.toString())) {
            return principal;
        }
        Matcher account = ACCOUNT.matcher(principal);
        if (!account.matches()) {
            throw RefusedException.invalid(
                    PRINCIPAL, "must be an account or *: no services of AWS call functions here");
        }
        return account.group(1);
    }

    /** GetPolicy. */
    CompletionStage<Reply> policy(Call call) {
        Qualifier only = FunctionQualifier.of(call).qualifier();
        List<GrantRecord> all =
                held(call)
                        .filter(grant -> grant.only().equals(only))
                        .limit(GrantOperations.MOST_LISTED)
                        .toList();
        if (all.isEmpty()) {
            throw new RefusedException(
                    ControlError.GRANT_NOT_FOUND, "The resource you requested does not exist.");
        }
        ObjectNode policy = ControlJson.object();
        policy.put("Version", "2012-10-17");
        policy.put("Id", "default");
        ArrayNode statements = policy.putArray("Statement");
        all.forEach(grant -> statements.add(statement(call, grant)));
        ObjectNode json = ControlJson.object();
        json.put("Policy", policy.toString());
        json.put(REVISION, FunctionConfiguration.revision(call.catalog(), call.task()));
        return CompletableFuture.completedFuture(Reply.ok(json));
    }

    /** RemovePermission. */
    CompletionStage<Reply> remove(Call call) {
        String id = call.values().get("statement");
        requireRevision(call, call.query(REVISION));
        GrantRecord grant =
                find(call, id)
                        .orElseThrow(
                                () ->
                                        new RefusedException(
                                                ControlError.GRANT_NOT_FOUND,
                                                "Statement %s is not found in resource policy."
                                                        .formatted(id)));
        return grants.delete(
                call.about(
                        Map.of("grantee", grant.grantee().toString(), "grant", id),
                        call.body(),
                        Map.of()));
    }

    private static Optional<GrantRecord> find(Call call, String id) {
        return held(call).filter(grant -> grant.id().equals(id)).findFirst();
    }

    private static Stream<GrantRecord> held(Call call) {
        TaskRef task = TaskOperations.task(call, call.catalog()).value().ref();
        return call.catalog().grants(task).map(Stamped::value).filter(grant -> !grant.revoked());
    }

    private ObjectNode statement(Call call, GrantRecord grant) {
        ObjectNode json = ControlJson.object();
        json.put("Sid", grant.id());
        json.put("Effect", grant.effect() == GrantRecord.Effect.ALLOW ? "Allow" : "Deny");
        if (grant.grantee().account().isPresent()) {
            json.putObject(PRINCIPAL).put("AWS", "arn:aws:iam::%s:root".formatted(grant.grantee()));
        } else {
            json.put(PRINCIPAL, "*");
        }
        json.put(ACTION, INVOKE);
        FunctionArn arn = FunctionArn.of(call, settings.region());
        Qualifier only = grant.only();
        json.put(
                "Resource",
                only.equals(Qualifier.NONE)
                        ? arn.toString()
                        : arn.of(
                                only.version() > 0
                                        ? Integer.toString(only.version())
                                        : only.alias()));
        return json;
    }
}

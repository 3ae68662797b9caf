package io.runnel.region.server.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import io.runnel.exec.task.EventRule;
import io.runnel.exec.task.TaskRef;
import io.runnel.region.server.control.TestClient.Answer;
import io.runnel.routing.catalog.AliasRecord;
import io.runnel.routing.catalog.GrantRecord;
import io.runnel.routing.catalog.Stamped;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/** How functions of AWS Lambda's API are called and by whom: aliases, permissions, limits, URLs. */
final class FunctionAccessIT {
    private static final String HELLO = "/2015-03-31/functions/hello";
    private static final String ALIASES = HELLO + "/aliases";
    private static final String POLICY = HELLO + "/policy";
    private static final TaskRef TASK = TaskRef.of("demo", "hello");

    @TempDir Path folder;
    private TestRegion region;
    private TestClient demo;

    @BeforeEach
    void start() throws IOException {
        region = new TestRegion(folder, TestRegion.WEST);
        demo = region.client(region.demo);
        demo.deploy("hello", "good one", "");
        demo.deploy("hello", "good two", "");
        region.client(region.admin)
                .post("/v1/accounts", "{\"name\":\"shop\",\"home\":\"eu-west\"}");
    }

    @AfterEach
    void stop() {
        region.close();
    }

    private static String told(Answer answer) {
        return answer.status() + " " + answer.header("X-Amzn-ErrorType");
    }

    private AliasRecord alias(String name) {
        return region.catalog.current().alias(TASK, name).orElseThrow().value();
    }

    private List<GrantRecord> grants() {
        return region.catalog
                .current()
                .grants(TASK)
                .map(Stamped::value)
                .filter(grant -> !grant.revoked())
                .toList();
    }

    @Test
    void anAliasNamesAVersionAndOneThatIsTried() {
        Answer made = demo.post(ALIASES, "{\"Name\":\"prod\",\"FunctionVersion\":\"1\"}");
        assertEquals(201, made.status(), made::toString);
        assertEquals(
                "arn:aws:lambda:eu-west:demo:function:hello:prod",
                made.json().path("AliasArn").asText());
        assertEquals(
                "409 ResourceConflictException",
                told(demo.post(ALIASES, "{\"Name\":\"prod\",\"FunctionVersion\":\"2\"}")));
        Answer tried =
                demo.put(
                        ALIASES + "/prod",
                        "{\"RoutingConfig\":{\"AdditionalVersionWeights\":{\"2\":0.05}}}");
        assertEquals(200, tried.status(), tried::toString);
        assertEquals(1, alias("prod").version());
        assertEquals(50, alias("prod").canary().orElseThrow().permille());
        assertEquals(
                0.05,
                demo.get(ALIASES + "/prod")
                        .json()
                        .at("/RoutingConfig/AdditionalVersionWeights/2")
                        .asDouble());
        assertEquals(200, demo.put(ALIASES + "/prod", "{\"FunctionVersion\":\"1\"}").status());
        assertTrue(alias("prod").canary().isPresent(), "what is not said stays");
        String old = tried.json().path("RevisionId").asText();
        assertEquals(
                "412 PreconditionFailedException",
                told(
                        demo.put(
                                ALIASES + "/prod",
                                "{\"FunctionVersion\":\"1\",\"RevisionId\":\"" + old + "\"}")));
        Answer moved =
                demo.put(
                        ALIASES + "/prod",
                        "{\"FunctionVersion\":\"2\",\"RoutingConfig\":{\"AdditionalVersionWeights\":{}}}");
        assertEquals("2", moved.json().path("FunctionVersion").asText());
        assertTrue(alias("prod").canary().isEmpty());
        assertEquals(
                "2",
                demo.get(HELLO + "?Qualifier=prod").json().at("/Configuration/Version").asText());
        demo.post(ALIASES, "{\"Name\":\"test\",\"FunctionVersion\":\"1\"}");
        assertEquals(2, demo.get(ALIASES).json().path("Aliases").size());
        JsonNode some = demo.get(ALIASES + "?FunctionVersion=1").json().path("Aliases");
        assertEquals("test", some.path(0).path("Name").asText());
        assertEquals(1, some.size());
        assertEquals(204, demo.delete(ALIASES + "/prod").status());
        assertEquals(204, demo.delete(ALIASES + "/prod").status());
        assertEquals("404 ResourceNotFoundException", told(demo.get(ALIASES + "/prod")));
    }

    @Test
    void badAliasesAreRefused() {
        for (String bad :
                List.of(
                        "{}",
                        "{\"Name\":\"a\",\"FunctionVersion\":\"$LATEST\"}",
                        "{\"Name\":\"7\",\"FunctionVersion\":\"1\"}",
                        "{\"Name\":\"a\",\"FunctionVersion\":\"1\",\"Other\":1}",
                        weights("{\"2\":0}"),
                        weights("{\"2\":1}"),
                        weights("{\"2\":-1}"),
                        weights("{\"2\":1e99}"),
                        weights("{\"2\":\"a\"}"),
                        weights("{\"x\":0.1}"),
                        weights("{\"1\":0.1,\"2\":0.1}"),
                        weights("[]"))) {
            Answer answer = demo.post(ALIASES, bad);
            assertEquals("400 InvalidParameterValueException", told(answer), () -> bad + answer);
        }
        assertEquals(
                404, demo.post(ALIASES, "{\"Name\":\"a\",\"FunctionVersion\":\"9\"}").status());
        assertEquals(0, demo.get(ALIASES).json().path("Aliases").size());
    }

    private static String weights(String json) {
        return "{\"Name\":\"a\",\"FunctionVersion\":\"1\",\"RoutingConfig\":{\"AdditionalVersionWeights\":"
                + json
                + "}}";
    }

    @Test
    void aPermissionIsAGrant() {
        Answer made = demo.post(POLICY, statement("one", "arn:aws:iam::shop:root", ""));
        assertEquals(201, made.status(), made::toString);
        assertTrue(
                made.json()
                        .path("Statement")
                        .asText()
                        .contains("\"AWS\":\"arn:aws:iam::shop:root\""),
                made::toString);
        assertEquals("shop", grants().getFirst().grantee().toString());
        Answer again = demo.post(POLICY, statement("one", "shop", ""));
        assertEquals("409 ResourceConflictException", told(again));
        assertEquals(201, demo.post(POLICY + "?Qualifier=1", statement("two", "*", "")).status());
        assertEquals(1, grants().stream().filter(g -> g.only().version() == 1).count());
        String policy = demo.get(POLICY).json().path("Policy").asText();
        assertTrue(policy.contains("\"Sid\":\"one\"") && !policy.contains("two"), policy);
        String ofOne = demo.get(POLICY + "?Qualifier=1").json().path("Policy").asText();
        assertTrue(ofOne.contains("\"Principal\":\"*\"") && ofOne.contains("hello:1\""), ofOne);
        assertEquals(204, demo.delete(POLICY + "/one").status());
        assertEquals("404 ResourceNotFoundException", told(demo.delete(POLICY + "/one")));
        assertEquals("404 ResourceNotFoundException", told(demo.get(POLICY)));
        assertEquals(201, demo.post(POLICY, statement("one", "shop", "")).status(), "once more");
        assertEquals(2, grants().size());
    }

    @Test
    void badPermissionsAreRefused() {
        for (String bad :
                List.of(
                        "{}",
                        statement("one", "s3.amazonaws.com", ""),
                        statement("a b", "shop", ""),
                        statement("one", "demo", ""),
                        statement("one", "shop", ",\"SourceArn\":\"x\""),
                        statement("one", "shop", "").replace("InvokeFunction", "GetFunction"))) {
            Answer answer = demo.post(POLICY, bad);
            assertEquals("400 InvalidParameterValueException", told(answer), () -> bad + answer);
        }
        assertEquals(404, demo.post(POLICY, statement("one", "nobody", "")).status());
        assertEquals(
                "412 PreconditionFailedException",
                told(demo.post(POLICY, statement("one", "shop", ",\"RevisionId\":\"x\""))));
        assertEquals(List.of(), grants());
    }

    private static String statement(String id, String principal, String more) {
        return "{\"StatementId\":\"%s\",\"Action\":\"lambda:InvokeFunction\",\"Principal\":\"%s\"%s}"
                .formatted(id, principal, more);
    }

    @Test
    void callsAtOnceAreLimited() {
        String put = "/2017-10-31/functions/hello/concurrency";
        String get = "/2019-09-30/functions/hello/concurrency";
        assertEquals("{}", demo.get(get).json().toString());
        Answer set = demo.put(put, "{\"ReservedConcurrentExecutions\":0}");
        assertEquals("200 {\"ReservedConcurrentExecutions\":0}", set.toString());
        assertEquals(
                OptionalInt.of(0), region.catalog.current().task(TASK).orElseThrow().concurrent());
        assertEquals(
                0, demo.get(HELLO).json().at("/Concurrency/ReservedConcurrentExecutions").asInt(9));
        assertEquals("{\"ReservedConcurrentExecutions\":0}", demo.get(get).json().toString());
        assertEquals(204, demo.delete(put).status());
        assertEquals("{}", demo.get(get).json().toString());
        assertEquals(400, demo.put(put, "{}").status());
        assertEquals(400, demo.put(put, "{\"ReservedConcurrentExecutions\":-1}").status());
    }

    @Test
    void whatBecomesOfEventsIsSaid() {
        String config = "/2019-09-25/functions/hello/event-invoke-config";
        assertEquals("404 ResourceNotFoundException", told(demo.get(config)));
        Answer set =
                demo.put(
                        config,
                        "{\"MaximumRetryAttempts\":1,\"DestinationConfig\":{\"OnFailure\":"
                                + "{\"Destination\":\"arn:aws:lambda:x:demo:function:dead\"}}}");
        assertEquals(200, set.status(), set::toString);
        assertEquals(1, rule().retries());
        assertEquals("dead", rule().onFailure().orElseThrow().value());
        assertEquals(21_600, set.json().path("MaximumEventAgeInSeconds").asInt());
        assertEquals(
                "arn:aws:lambda:eu-west:demo:function:dead",
                demo.get(config).json().at("/DestinationConfig/OnFailure/Destination").asText());
        assertEquals(200, demo.post(config, "{\"MaximumEventAgeInSeconds\":60}").status());
        assertEquals(1, rule().retries(), "what is not said stays");
        assertEquals(60, rule().maxAge().toSeconds());
        demo.post(config, "{\"DestinationConfig\":{\"OnFailure\":{}}}");
        assertTrue(rule().onFailure().isEmpty());
        assertEquals(200, demo.put(config, "{}").status());
        assertEquals(2, rule().retries(), "as usual");
        for (String bad :
                List.of(
                        "{\"MaximumRetryAttempts\":3}",
                        "{\"MaximumEventAgeInSeconds\":59}",
                        "{\"MaximumEventAgeInSeconds\":21601}",
                        to("arn:aws:sqs:eu-west-1:demo:queue"),
                        to("arn:aws:lambda:x:shop:function:dead"),
                        to("dead:1"))) {
            assertEquals(400, demo.put(config, bad).status(), bad);
        }
        assertEquals(400, demo.get(config + "?Qualifier=1").status());
        assertEquals(204, demo.delete(config).status());
        assertEquals("404 ResourceNotFoundException", told(demo.delete(config)));
        assertEquals("404 ResourceNotFoundException", told(demo.post(config, "{}")));
    }

    private static String to(String destination) {
        return "{\"DestinationConfig\":{\"OnSuccess\":{\"Destination\":\"%s\"}}}"
                .formatted(destination);
    }

    private EventRule rule() {
        return region.catalog.current().task(TASK).orElseThrow().eventRule();
    }

    @Test
    void itsUrlIsOpenToAllOrNot() {
        String url = "/2021-10-31/functions/hello/url";
        Answer made = demo.post(url, "{\"AuthType\":\"NONE\"}");
        assertEquals(201, made.status(), made::toString);
        assertEquals(
                "http://127.0.0.1:%d/fn/demo/hello/".formatted(region.port),
                made.json().path("FunctionUrl").asText());
        assertTrue(region.catalog.current().task(TASK).orElseThrow().everyone());
        assertEquals("NONE", demo.get(url).json().path("AuthType").asText());
        assertEquals(
                "AWS_IAM",
                demo.put(url, "{\"AuthType\":\"AWS_IAM\"}").json().path("AuthType").asText());
        assertEquals(1, demo.get(url + "s").json().path("FunctionUrlConfigs").size());
        demo.put(url, "{\"AuthType\":\"NONE\"}");
        assertEquals(204, demo.delete(url).status());
        assertEquals("AWS_IAM", demo.get(url).json().path("AuthType").asText());
        for (String bad :
                List.of(
                        "{}",
                        "{\"AuthType\":\"X\"}",
                        "{\"AuthType\":\"NONE\",\"Cors\":{}}",
                        "{\"AuthType\":\"NONE\",\"InvokeMode\":\"RESPONSE_STREAM\"}")) {
            assertEquals(400, demo.post(url, bad).status(), bad);
        }
        assertEquals(400, demo.get(url + "?Qualifier=1").status());
    }
}

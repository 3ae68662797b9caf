package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.runnel.attestation.BearerToken;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.FunctionUrlAuthType;
import software.amazon.awssdk.services.lambda.model.InvalidParameterValueException;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LambdaException;
import software.amazon.awssdk.services.lambda.model.LogType;
import software.amazon.awssdk.services.lambda.model.ResourceConflictException;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;
import software.amazon.awssdk.services.lambda.model.Runtime;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * What people have who come from AWS Lambda, against a POP of a real network: its SDK for Java.
 * {@code acme} owns the functions, {@code beta} is at home in another region.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FunctionClientsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    static final String ROLE = "arn:aws:iam::000000000000:role/any";

    private AccountNetwork accounts;

    @BeforeAll
    void start(@TempDir Path made) throws Exception {
        accounts = new AccountNetwork(made);
    }

    @AfterAll
    void stop() {
        if (accounts != null) {
            accounts.close();
        }
    }

    /** Answers by a digest of its payload. */
    static byte[] sum() throws IOException {
        return Files.readAllBytes(AccountNetwork.sample("checksum"));
    }

    static byte[] archive(String name, byte[] program) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(program);
            zip.closeEntry();
        }
        return bytes.toByteArray();
    }

    private LambdaClient client(String account) {
        BearerToken key = accounts.key(account);
        return LambdaClient.builder()
                .endpointOverride(URI.create(accounts.pop()))
                .region(Region.EU_WEST_1)
                .httpClient(UrlConnectionHttpClient.create())
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create(key.id().value(), key.secret())))
                .build();
    }

    private static void create(LambdaClient client, String name, byte[] program)
            throws IOException {
        SdkBytes zip = SdkBytes.fromByteArray(archive(name + ".wasm", program));
        client.createFunction(
                r ->
                        r.functionName(name)
                                .runtime(Runtime.PROVIDED_AL2023)
                                .role(ROLE)
                                .handler("bootstrap")
                                .timeout(5)
                                .code(c -> c.zipFile(zip)));
        client.waiter().waitUntilFunctionActiveV2(r -> r.functionName(name));
    }

    private static InvokeResponse invoke(LambdaClient client, String name, String qualifier) {
        return client.invoke(
                r ->
                        r.functionName(name)
                                .qualifier(qualifier)
                                .logType(LogType.TAIL)
                                .payload(SdkBytes.fromUtf8String("{\"a\":1}")));
    }

    @Test
    void theSdkMakesCallsChangesAndDeletesAFunction() throws Exception {
        try (LambdaClient acme = client("acme")) {
            create(acme, "sdk", sum());
            InvokeResponse first = invoke(acme, "sdk", null);
            assertEquals(200, first.statusCode());
            assertEquals("1", first.executedVersion());
            assertEquals(7, JSON.readTree(first.payload().asUtf8String()).path("length").asInt());
            assertThrows(ResourceConflictException.class, () -> create(acme, "sdk", sum()));
            SdkBytes other = SdkBytes.fromByteArray(archive("e.wasm", TinyGuests.ending()));
            assertEquals(
                    "2",
                    acme.updateFunctionCode(r -> r.functionName("sdk").zipFile(other).publish(true))
                            .version());
            acme.waiter().waitUntilFunctionUpdatedV2(r -> r.functionName("sdk"));
            acme.createAlias(r -> r.functionName("sdk").name("prod").functionVersion("1"));
            network("the alias is there", () -> invoke(acme, "sdk", "prod").statusCode() == 200);
            assertEquals("1", invoke(acme, "sdk", "prod").executedVersion());
            assertEquals("1", invoke(acme, "sdk:prod", null).executedVersion());
            acme.updateAlias(
                    r ->
                            r.functionName("sdk")
                                    .name("prod")
                                    .functionVersion("2")
                                    .routingConfig(
                                            c -> c.additionalVersionWeights(Map.of("1", 0.5))));
            assertEquals(
                    Map.of("1", 0.5),
                    acme.getAlias(r -> r.functionName("sdk").name("prod"))
                            .routingConfig()
                            .additionalVersionWeights());
            InvokeResponse failed = invoke(acme, "sdk", "2");
            assertEquals("Unhandled", failed.functionError());
            assertTrue(failed.payload().asUtf8String().contains("exit status 9"));
            assertEquals("why\n", decoded(failed.logResult()));
            acme.updateFunctionConfiguration(
                    r ->
                            r.functionName("sdk")
                                    .memorySize(64)
                                    .environment(e -> e.variables(Map.of("A", "b"))));
            assertEquals(
                    64, acme.getFunction(r -> r.functionName("sdk")).configuration().memorySize());
            assertEquals(
                    List.of("$LATEST", "1", "2", "3"),
                    acme.listVersionsByFunction(r -> r.functionName("sdk")).versions().stream()
                            .map(v -> v.version())
                            .toList());
            acme.putFunctionConcurrency(r -> r.functionName("sdk").reservedConcurrentExecutions(5));
            assertEquals(
                    5,
                    acme.getFunctionConcurrency(r -> r.functionName("sdk"))
                            .reservedConcurrentExecutions());
            assertTrue(
                    acme.listFunctionsPaginator().functions().stream()
                            .anyMatch(f -> f.functionName().equals("sdk")));
            acme.deleteFunction(r -> r.functionName("sdk"));
            assertThrows(
                    ResourceNotFoundException.class,
                    () -> acme.getFunction(r -> r.functionName("sdk")));
        }
    }

    static String decoded(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    private void network(String what, BooleanSupplier is) {
        accounts.processes()
                .await(
                        what,
                        () -> {
                            try {
                                return is.getAsBoolean();
                            } catch (LambdaException e) {
                                return false;
                            }
                        });
    }

    @Test
    void anotherAccountCallsItAsLongAsItMay() throws Exception {
        try (LambdaClient acme = client("acme");
                LambdaClient beta = client("beta")) {
            create(acme, "shared", sum());
            String name = "arn:aws:lambda:eu-west-1:acme:function:shared";
            assertThrows(ResourceNotFoundException.class, () -> invoke(beta, name, null));
            acme.addPermission(
                    r ->
                            r.functionName("shared")
                                    .statementId("one")
                                    .action("lambda:InvokeFunction")
                                    .principal("beta"));
            assertTrue(acme.getPolicy(r -> r.functionName("shared")).policy().contains("beta"));
            network("it may be called", () -> invoke(beta, name, null).statusCode() == 200);
            assertEquals(null, invoke(beta, name, null).logResult(), "its log is acme's");
            assertThrows(
                    ResourceNotFoundException.class,
                    () -> beta.getFunction(r -> r.functionName(name)));
            assertThrows(
                    ResourceNotFoundException.class,
                    () -> beta.deleteFunction(r -> r.functionName(name)));
            acme.removePermission(r -> r.functionName("shared").statementId("one"));
            accounts.processes()
                    .await(
                            "it may not be called any more",
                            () -> {
                                try {
                                    invoke(beta, name, null);
                                    return false;
                                } catch (LambdaException e) {
                                    return e.statusCode() == 403;
                                }
                            });
            assertEquals(0, accounts.charged("beta", "beta/shared"));
        }
    }

    @Test
    void whatNobodyWaitsForIsRunOnceAndItsFailureIsTold() throws Exception {
        try (LambdaClient acme = client("acme")) {
            create(acme, "later", sum());
            create(acme, "failing", TinyGuests.ending());
            create(acme, "dead", sum());
            acme.putFunctionEventInvokeConfig(
                    r ->
                            r.functionName("failing")
                                    .maximumRetryAttempts(0)
                                    .destinationConfig(
                                            d ->
                                                    d.onFailure(
                                                            f ->
                                                                    f.destination(
                                                                            "arn:aws:lambda:eu-west-1:acme:function:dead"))));
            String id = keep(acme, "later");
            accounts.processes()
                    .await(
                            "it ran, and is on the bill",
                            () -> accounts.chargedIds("acme", "acme/later").equals(Set.of(id)));
            String failed = keep(acme, "failing");
            accounts.processes()
                    .await(
                            "its failure is told",
                            () -> accounts.chargedIds("acme", "acme/dead").size() == 1);
            assertEquals(Set.of(failed), accounts.chargedIds("acme", "acme/failing"), "once");
        }
    }

    /** Has a call kept, and says its id. */
    private static String keep(LambdaClient client, String name) {
        InvokeResponse kept =
                client.invoke(
                        r ->
                                r.functionName(name)
                                        .invocationType(InvocationType.EVENT)
                                        .payload(SdkBytes.fromUtf8String("{\"a\":1}")));
        assertEquals(202, kept.statusCode());
        return kept.responseMetadata().requestId();
    }

    @Test
    void aUrlIsOpenToAll() throws Exception {
        try (LambdaClient beta = client("beta");
                HttpClient anybody = HttpClient.newHttpClient()) {
            create(beta, "open", sum());
            String url =
                    beta.createFunctionUrlConfig(
                                    r -> r.functionName("open").authType(FunctionUrlAuthType.NONE))
                            .functionUrl();
            assertTrue(url.startsWith(accounts.pop()), url);
            HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
            accounts.processes().await("anybody calls it", () -> status(anybody, request) == 200);
        }
    }

    private static int status(HttpClient client, HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Test
    void whatCannotBeIsSaidAsAwsSaysIt() throws Exception {
        try (LambdaClient acme = client("acme")) {
            SdkBytes zip = SdkBytes.fromByteArray(archive("a.js", new byte[3]));
            var refused =
                    assertThrows(
                            InvalidParameterValueException.class,
                            () ->
                                    acme.createFunction(
                                            r ->
                                                    r.functionName("js")
                                                            .runtime(Runtime.NODEJS20_X)
                                                            .role(ROLE)
                                                            .handler("a.b")
                                                            .code(c -> c.zipFile(zip))));
            assertTrue(refused.getMessage().contains("WebAssembly"), refused.getMessage());
            assertThrows(ResourceNotFoundException.class, () -> acme.listLayers(r -> {}));
        }
    }
}

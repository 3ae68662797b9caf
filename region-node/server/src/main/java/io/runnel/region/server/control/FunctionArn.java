package io.runnel.region.server.control;

import io.runnel.exec.http.Credentials;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.TaskRef;

/**
 * A function's name as AWS writes it. The region in it is the one that the caller's tool is set to,
 * and of no meaning here; a caller without a signature is told where its account is at home.
 */
record FunctionArn(String region, TaskRef task) {
    static FunctionArn of(Call call, RegionId here) {
        String region =
                Credentials.of(call.request().headers())
                                instanceof Credentials.Signed(var signature)
                        ? signature.scope().region()
                        : here.value();
        return new FunctionArn(region, call.task());
    }

    /** With a version or alias. */
    String of(String qualifier) {
        return this + ":" + qualifier;
    }

    @Override
    public String toString() {
        return "arn:aws:lambda:%s:%s:function:%s".formatted(region, task.account(), task.name());
    }
}

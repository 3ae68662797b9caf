package io.runnel.exec.http;

/** How a Lambda Invoke call is answered. */
public enum InvokeReply {
    /** By the guest's output as a whole, once it has ended. */
    WHOLE,
    /** By events, each as the guest writes it. */
    STREAMED
}

/** The stable contract: tensors and graph, autodiff, the service interfaces and the training loop. */
@org.jspecify.annotations.NullMarked
module cambium.api {
    requires static org.jspecify;
}

/**
 * Commands that need a node, which an API server alone has not. test/deploy/helm/rendered-service.spec.ts runs what the pods
 * do, test/deploy/container/image.spec.ts what is run in them.
 */
export const NEEDS_A_NODE = /^(helm test|kubectl .*\b(logs|port-forward|exec|cp|wait --for=condition=Ready)) /;

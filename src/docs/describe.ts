import type { Type } from '@nestjs/common';
import {
  ApiBody,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiResponse,
  ApiSecurity,
  ApiTags,
  type ApiQueryOptions,
  type SchemaObject,
} from '@nestjs/swagger';

export interface Answer {
  readonly description: string;
  readonly schema: SchemaObject;
  /** `application/json` where it isn't said. */
  readonly type?: string;
}

export interface Description {
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** Names of the security schemes, any of which will do. */
  readonly security?: readonly string[];
  readonly query?: readonly ApiQueryOptions[];
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: { readonly schema: SchemaObject; readonly examples: Record<string, { value: unknown }> };
  readonly answers: Readonly<Record<number, Answer>>;
}

/** Describes a controller's method to @nestjs/swagger, as its decorators would. */
export const describe = <C>(controller: Type<C>, method: keyof C & string, text: Description): void => {
  const prototype = controller.prototype as object;
  const descriptor = Object.getOwnPropertyDescriptor(prototype, method);
  if (descriptor === undefined) throw new Error(`${controller.name} has no method ${method}`);
  const decorators: MethodDecorator[] = [
    ApiTags(text.tag),
    ApiOperation({ summary: text.summary, ...(text.description !== undefined && { description: text.description }) }),
    ...(text.security ?? []).map((name) => ApiSecurity(name)),
    ...(text.query ?? []).map((options) => ApiQuery(options)),
    ...Object.entries(text.params ?? {}).map(([name, example]) => ApiParam({ name, example })),
    ...(text.body === undefined ? [] : [ApiBody(text.body)]),
    ...Object.entries(text.answers).map(([status, { description, schema, type }]) =>
      ApiResponse({
        status: Number(status),
        description,
        ...(type ? { content: { [type]: { schema } } } : { schema }),
      }),
    ),
  ];
  for (const decorate of decorators) decorate(prototype, method, descriptor);
};

export const text = (example: string, description?: string): SchemaObject => ({
  type: 'string',
  example,
  ...(description !== undefined && { description }),
});

export const number = (example: number, description?: string): SchemaObject => ({
  type: 'integer',
  example,
  ...(description !== undefined && { description }),
});

export const time = (example = '2024-01-15T14:30:25.123Z'): SchemaObject => ({
  type: 'string',
  format: 'date-time',
  example,
});

export const choice = (...values: string[]): SchemaObject => ({ type: 'string', enum: values });

export const orNull = (schema: SchemaObject): SchemaObject => ({ ...schema, nullable: true });

export const list = (items: SchemaObject): SchemaObject => ({ type: 'array', items });

export const texts = (example: Record<string, string>): SchemaObject => ({
  type: 'object',
  additionalProperties: { type: 'string' },
  example,
});

/** A truth value that is always the same. */
export const flag = (value: boolean): SchemaObject => ({ type: 'boolean', enum: [value] });

/** An object all of whose properties are there, but for those named in `optional`. */
export const object = (properties: Record<string, SchemaObject>, optional: readonly string[] = []): SchemaObject => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
});

export const failure = (statusCode: number, description: string, error: string): Answer => ({
  description,
  schema: {
    ...object({ ok: flag(false), error: { type: 'string' }, statusCode: { type: 'integer' } }),
    example: { ok: false, error, statusCode },
  },
});

/** Answers of every call that ADMIN_TOKEN guards. */
export const adminFailures: Readonly<Record<number, Answer>> = {
  401: failure(
    401,
    'No or a wrong ADMIN_TOKEN; without one set: not asked from this machine.',
    'no token was sent: send the value of ADMIN_TOKEN as "Authorization: Bearer …"',
  ),
  503: failure(503, "The store can't be read.", 'the store takes nothing at the moment (EIO); try again'),
};

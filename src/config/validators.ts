import { ValidatorConstraint, type ValidationArguments, type ValidatorConstraintInterface } from 'class-validator';
import { parseRedisUrl } from './redis-address.js';
import { Secret } from './secret.js';

/** A secret whose text matches the first constraint, a regular expression. */
@ValidatorConstraint({ name: 'secretMatches' })
export class SecretMatches implements ValidatorConstraintInterface {
  validate(value: unknown, { constraints }: ValidationArguments): boolean {
    const [pattern] = constraints as [RegExp];
    return value instanceof Secret && pattern.test(value.reveal());
  }
}

const isUrl = (text: string, protocols: readonly string[]): boolean =>
  !/\s/.test(text) && URL.canParse(text) && protocols.includes(new URL(text).protocol);

@ValidatorConstraint({ name: 'httpUrl' })
export class HttpUrl implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return typeof value === 'string' && isUrl(value, ['http:', 'https:']);
  }
}

/** An address that paths can be added to and that holds no credentials; one that is no address at all is HttpUrl's matter. */
@ValidatorConstraint({ name: 'bareUrl' })
export class BareUrl implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    if (typeof value !== 'string' || !URL.canParse(value)) return true;
    const { username, password, search, hash } = new URL(value);
    return username === '' && password === '' && search === '' && hash === '';
  }
}

@ValidatorConstraint({ name: 'redisUrl' })
export class RedisUrl implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return value instanceof Secret && parseRedisUrl(value.reveal()) !== undefined;
  }
}

/** A label's name; not one that every object has (`constructor`): nobody means it. */
@ValidatorConstraint({ name: 'labelName' })
export class LabelName implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return typeof value === 'string' && /^[a-zA-Z_][\w.:/-]*$/.test(value) && !(value in Object.prototype);
  }
}

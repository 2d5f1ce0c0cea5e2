import { Global, Module } from '@nestjs/common';
import { BodyBudget } from './body-budget.js';

/** The one budget that everything takes from which reads a body. */
@Global()
@Module({
  providers: [BodyBudget],
  exports: [BodyBudget],
})
export class HttpModule {}
